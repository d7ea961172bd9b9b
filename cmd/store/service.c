/* service.c - the store service: who sells, and what has become of each order there. Tables and
 * wiring, no logic. */
#include "cmd/store/store.h"
#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/store/ticket_cancel.h"
#include "usecase/store/ticket_desk.h"
#include "usecase/store/ticket_hearing.h"
#include "usecase/store/ticket_reading.h"

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct store_service, shops.accept_within_us, "accept-within-s", SETTING_INT, "600", .min = 1, .max = 86400, .times = 1000000,
            .unit = "s", .doc = "how long a ticket waits to be accepted or rejected; then it is rejected"),
    SETTING(struct store_service, shops.consent_within_us, "consent-within-s", SETTING_INT, "300", .min = 1, .max = 86400, .times = 1000000,
            .unit = "s", .doc = "how long who wants to cancel waits for the store's answer; then he gets the one that it has chosen"),
};

static const struct service_pool POOLS[] = {
    {"work", 8, 1024},
};

#define WORK .pool = "work", .timeout_ms = 2000
#define TICKET_ETAG .etag = offsetof(struct ticket_view, version)

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(STORE_LIST, shop_list, struct store_filter, struct store_page), WORK},
    {ENDPOINT(STORE_GET, shop_read, struct store_query, struct store_row), WORK, .etag = offsetof(struct store_row, version)},
    {ENDPOINT_CHANGE(STORE_CREATE, shop_create, struct store_form, struct store_row), WORK, .once = ONCE_BY_KEY,
     .etag = offsetof(struct store_row, version)},
    {ENDPOINT_CHANGE(STORE_OPENING, shop_open, struct store_opening, struct store_row), WORK},
    {ENDPOINT_CHANGE(STORE_UPDATE, shop_update, struct store_patch, struct store_row), WORK, .etag = offsetof(struct store_row, version)},
    {ENDPOINT(STORE_TICKET_LIST, ticket_read_list, struct ticket_list, struct ticket_page), WORK},
    {ENDPOINT(STORE_TICKET_GET, ticket_read, struct ticket_query, struct ticket_view), WORK, TICKET_ETAG},
    {ENDPOINT_CHANGE(STORE_TICKET_ACCEPT, ticket_accept, struct ticket_acceptance, struct ticket_view), WORK},
    {ENDPOINT_CHANGE(STORE_TICKET_REJECT, ticket_reject, struct ticket_rejection, struct ticket_view), WORK},
    {ENDPOINT_CHANGE(STORE_TICKET_COOK, ticket_cook, struct ticket_query, struct ticket_view), WORK},
    {ENDPOINT_CHANGE(STORE_TICKET_READY, ticket_ready, struct ticket_query, struct ticket_view), WORK},
    {ENDPOINT_CHANGE(STORE_TICKET_CANCELLATION, ticket_answer, struct ticket_cancellation, struct ticket_view), WORK},
    {ENDPOINT(STORE_TICKET_CANCEL, ticket_cancel, struct ticket_cancel, struct ticket_canceled), WORK},
    {ENDPOINT(STORE_EXPORT, export_read, struct export_query, struct export_page),
     .self = offsetof(struct store_service, exporter), WORK},
};

static const struct service_sweep SWEEPS[] = {
    {.name = "unaccepted_ticket", .sweeper = offsetof(struct store_service, unaccepted), .arg = offsetof(struct store_service, shops),
     .act = ticket_expire, .table = {"ticket", "order_id", "status = 'RECEIVED'", "accept_by", "look_at"}, .every_ms = 1000},
    {.name = "unanswered_question", .sweeper = offsetof(struct store_service, unanswered), .arg = offsetof(struct store_service, shops),
     .act = ticket_answer_late, .table = {"ticket", "order_id", "cancel_asked = 1", "answer_by", "look_at"}, .every_ms = 1000},
};

#define HEAR(type_, fn_) {.type = &(type_), .fn = (fn_), .kind = HEAR_IN_ORDER}
static const struct hearing HEARS[] = {
    HEAR(ORDER_CONFIRMED, ticket_hear_confirmed),
    HEAR(ORDER_CANCELED, ticket_hear_canceled),
    HEAR(DELIVERY_PICKED_UP, ticket_hear_picked_up),
};

static const struct export_row EXPORTS[] = {
    {&STORE_TICKET_CHANGED, offsetof(struct store_service, shops.tickets), ticket_export, NULL},
    {&STORE_OPENED, offsetof(struct store_service, shops.stores), shop_export, NULL},
};

static const struct service_store STORES[] = {
    {&STORE_TABLE, offsetof(struct store_service, shops.stores)},
    {&TICKET_TABLE, offsetof(struct store_service, shops.tickets)},
    {&TICKET_LINE_TABLE, offsetof(struct store_service, shops.lines)},
};
/* clang-format on */

static enum status start(void *self, const struct service_run *run)
{
    struct store_service *service = self;
    struct shops *shops = &service->shops;

    shops->transactor = run->transactor;
    shops->barrier = run->barrier;
    shops->outbox = run->outbox;
    shops->entropy = run->entropy;
    shops->cursors = run->cursors;
    service->exporter = (struct exporter){EXPORTS, ARRAY_LEN(EXPORTS), STORE_EVENTS, service};
    return ST_OK;
}

/* clang-format off */
const struct service STORE_SERVICE = {
    .name = "store", .summary = "Knows who sells, and carries each order there from its ticket to the courier.", .size = sizeof(struct store_service),
    ROWS_OF(settings, SETTINGS), ROWS_OF(pools, POOLS), ROWS_OF(endpoints, ENDPOINTS), .says = STORE_EVENTS, ROWS_OF(hears, HEARS),
    ROWS_OF(sweeps, SWEEPS), ROWS_OF(stores, STORES),
    .invariants = STORE_INVARIANTS, .id_sets = STORE_ID_SETS, .tallies = STORE_TALLIES, .database = true,
    .unnamed_self = IS_FIRST(struct store_service, shops), .start = start,
};
/* clang-format on */
