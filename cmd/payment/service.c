/* service.c - the payment service: money, and the only one that talks to a provider. Tables and
 * wiring, no logic. */
#include "cmd/payment/payment.h"
#include "protocol/provider.h"
#include "tool/core/mem.h"

/* Within its round of asking the answer has to be written down: what is said later is not heard. */
enum { ROUND_MS = 8000, WRITE_MS = 1000 };

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct payment_service, provider_url, "provider-url", SETTING_TEXT, "http://127.0.0.1:8090", .check = outsider_url_check, .doc = "where the payment provider is"),
    SETTING(struct payment_service, provider_name, "provider-name", SETTING_TEXT, "pgsim", .doc = "how it is called: in POST /webhooks/payments/NAME, and as a payment's brand"),
    SETTING(struct payment_service, payments.ask_ms, "provider-timeout-ms", SETTING_INT, "5000", .min = 100, .max = ROUND_MS - WRITE_MS,
            .unit = "ms", .doc = "how long it is waited for; then it is asked again what became of it"),
    SETTING(struct payment_service, webhook_secret, "webhook-secret", SETTING_SECRET, "", .doc = "by which the provider signs what it tells us; without one nothing is believed"),
};

static const struct outside_row PROVIDER_ROWS[] = {
    {&PROVIDER_ASK, "POST /v1/operations", 0}, {&PROVIDER_FIND, "GET /v1/operations/{key}", 0}, {&PROVIDER_BOOK, "GET /v1/book", 65536},
};
static const struct service_outsider OUTSIDERS[] = {
    {"payment_provider", offsetof(struct payment_service, payments.provider), offsetof(struct payment_service, provider_url),
     offsetof(struct payment_service, payments.ask_ms), ROWS_OF(rows, PROVIDER_ROWS)},
};

static const struct service_pool POOLS[] = {{"work", 4, 1024}, {"provider", 16, 1024}};

static const struct job JOBS[] = {
    {"compare_book", offsetof(struct payment_service, payments), book_compare, 5000, 20000, JOB_ONE_INSTANCE, .first_ms = 20000},
    {"watch_ledger", offsetof(struct payment_service, payments), ledger_watch, 60000, 10000, JOB_ONE_INSTANCE, 0},
};

#define SWEEP(member) .sweeper = offsetof(struct payment_service, member), .arg = offsetof(struct payment_service, payments), .batch = 16
static const struct service_sweep SWEEPS[] = {
    {.name = "operation", SWEEP(operations), .ask = operation_sweep, .act = operation_swept, .every_ms = 500, .timeout_ms = ROUND_MS, .lease_ms = ROUND_MS + 1000, .ask_ms = ROUND_MS,
     .table = {"payment_operation", "id", "state = 'REQUESTED'", "due_at", "look_at"}},
    {.name = "authorization", SWEEP(expiries), .act = payment_expire, .every_ms = 60000, .lease_ms = 9000,
     .table = {"payment", "id", "status = 'AUTHORIZED'", "expires_at", "look_at"}},
};

static enum status payment_start(void *self, const struct service_run *run)
{
    struct payment_service *s = self;
    struct payment_case *p = &s->payments;

    p->provider_name = s->provider_name, p->webhook_secret = s->webhook_secret;
    p->transactor = run->transactor, p->barrier = run->barrier, p->outbox = run->outbox;
    p->entropy = run->entropy, p->cursors = run->cursors;
    payment_count(p, run->metrics);
    s->exporter = (struct exporter){PAYMENT_EXPORTS, ARRAY_LEN(PAYMENT_EXPORTS), PAYMENT_EVENTS, s};
    return ST_OK;
}

const struct service PAYMENT_SERVICE = {
    .name = "payment", .summary = "Moves the money of orders: holds, takes and gives back, by a provider; keeps the ledger.",
    .size = sizeof(struct payment_service), ROWS_OF(settings, SETTINGS), ROWS_OF(pools, POOLS), ROWS_OF(endpoints, PAYMENT_ENDPOINTS), ROWS_OF(jobs, JOBS),
    ROWS_OF(sweeps, SWEEPS), ROWS_OF(stores, PAYMENT_STORES), .says = PAYMENT_EVENTS, ROWS_OF(hears, PAYMENT_HEARS), ROWS_OF(calls, PAYMENT_CALLS), ROWS_OF(outsiders, OUTSIDERS),
    .invariants = PAYMENT_INVARIANTS, .id_sets = PAYMENT_ID_SETS, .database = true, .start = payment_start,
};
/* clang-format on */
