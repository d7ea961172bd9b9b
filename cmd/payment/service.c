/* service.c - the payment service: money, and the only one that talks to a provider. Tables and
 * wiring, no logic. */
#include "cmd/payment/payment.h"
#include "dataservice/payment/http/provider_http.h"
#include "tool/core/mem.h"
#include "tool/sweep/mysql/sweep_rows_mysql.h"

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct payment_service, provider_url, "provider-url", SETTING_TEXT, "http://127.0.0.1:8090", .check = provider_http_url_check, .doc = "where the payment provider is"),
    SETTING(struct payment_service, provider_name, "provider-name", SETTING_TEXT, "pgsim", .doc = "how it is called: in POST /webhooks/payments/NAME, and as a payment's brand"),
    SETTING(struct payment_service, payments.ask_ms, "provider-timeout-ms", SETTING_INT, "5000", .min = 100, .max = 30000,
            .unit = "ms", .doc = "how long it is waited for; then it is asked again what became of it"),
    SETTING(struct payment_service, webhook_secret, "webhook-secret", SETTING_SECRET, "", .doc = "by which the provider signs what it tells us; without one nothing is believed"),
};

static const struct service_pool POOLS[] = {{"work", 4, 1024}, {"provider", 16, 1024}};

static const struct job JOBS[] = {
    {"settle_operations", offsetof(struct payment_service, operations), sweeper_run, 500, 8000, JOB_EVERYWHERE, 0},
    {"expire_authorizations", offsetof(struct payment_service, expiries), sweeper_run, 60000, 5000, JOB_EVERYWHERE, 0},
    {"compare_book", offsetof(struct payment_service, payments), book_compare, 5000, 20000, JOB_ONE_INSTANCE, .first_ms = 20000},
    {"watch_ledger", offsetof(struct payment_service, balances), ledger_balances_watch, 60000, 10000, JOB_ONE_INSTANCE, 0},
};

static struct sweeper_config sweeps(struct payment_case *p, const struct service_run *run, const char *name, const struct sweep_table *table)
{
    return (struct sweeper_config){.name = name, .rows = sweep_rows_mysql_create(run->db, table), .transactor = run->transactor,
                                   .arg = p, .batch = 16, .lease_ms = 9000, .ask_ms = p->ask_ms, .grace_ms = 60000, .metrics = run->metrics};
}

static enum status payment_start(void *self, const struct service_run *run)
{
    struct payment_service *s = self;
    struct payment_case *p = &s->payments;
    struct sweeper_config operations = sweeps(p, run, "operation", &(struct sweep_table){"payment_operation", "id", "state = 'REQUESTED'", "due_at", "look_at"});
    struct sweeper_config expiries = sweeps(p, run, "authorization", &(struct sweep_table){"payment", "id", "status = 'AUTHORIZED'", "expires_at", "look_at"});

    operations.ask = operation_sweep, operations.act = operation_swept, expiries.act = payment_expire;
    sweeper_init(&s->operations, &operations);
    sweeper_init(&s->expiries, &expiries);
    p->provider = provider_http_create(&(struct provider_http_config){.url = s->provider_url, .timeout_ms = (int)p->ask_ms, .breakers = run->breakers, .metrics = run->metrics});
    p->provider_name = s->provider_name, p->webhook_secret = s->webhook_secret;
    p->transactor = run->transactor, p->barrier = run->barrier, p->outbox = run->outbox;
    p->entropy = run->entropy, p->cursors = run->cursors;
    payment_count(p, run->metrics);
    s->balances = (struct ledger_balances_reader){run->db, metrics_gauge(run->metrics, "hanok_ledger_difference", "What the ledger is out of balance by: 0.", "")};
    s->exporter = (struct exporter){PAYMENT_EXPORTS, ARRAY_LEN(PAYMENT_EXPORTS), s};
    return p->provider ? ST_OK : ST_INVALID;
}

static void payment_stop(void *self)
{
    struct payment_service *s = self;

    s->operations.config.rows->ops->destroy(s->operations.config.rows);
    s->expiries.config.rows->ops->destroy(s->expiries.config.rows);
    s->payments.provider->ops->destroy(s->payments.provider);
}

const struct service PAYMENT_SERVICE = {
    .name = "payment", .summary = "Moves the money of orders: holds, takes and gives back, by a provider; keeps the ledger.",
    .size = sizeof(struct payment_service), .settings = SETTINGS, .n_settings = ARRAY_LEN(SETTINGS), .pools = POOLS, .n_pools = ARRAY_LEN(POOLS),
    .endpoints = PAYMENT_ENDPOINTS, .n_endpoints = ARRAY_LEN(PAYMENT_ENDPOINTS), .jobs = JOBS, .n_jobs = ARRAY_LEN(JOBS),
    .stores = PAYMENT_STORES, .n_stores = ARRAY_LEN(PAYMENT_STORES), .says = PAYMENT_SAYS, .n_says = ARRAY_LEN(PAYMENT_SAYS), .hears = PAYMENT_HEARS, .n_hears = ARRAY_LEN(PAYMENT_HEARS),
    .invariants = PAYMENT_INVARIANTS, .id_sets = PAYMENT_ID_SETS, .database = true, .start = payment_start, .stop = payment_stop,
};
/* clang-format on */
