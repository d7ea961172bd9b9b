/* main.c - the delivery service. Tables and wiring, no logic. */
#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/event/export.h"
#include "tool/service/service.h"
#include "usecase/delivery/carrying.h"
#include "usecase/delivery/delivery_row.h"
#include "usecase/delivery/hearing.h"
#include "usecase/delivery/reading.h"

struct delivery_service {
    struct deliveries deliveries;
    struct exporter exporter;
    struct sweeper unfetched;
};

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct delivery_service, deliveries.pickup_within_us, "pickup-within-s", SETTING_INT, "1800", .min = 1, .max = 86400, .times = 1000000,
            .unit = "s", .doc = "how long a courier keeps what is ready without picking it up; then it waits for another"),
};

static const struct service_sweep SWEEPS[] = {
    {.name = "unfetched_delivery", .sweeper = offsetof(struct delivery_service, unfetched), .arg = offsetof(struct delivery_service, deliveries),
     .act = delivery_lapse, .table = {"delivery", "order_id", "status = 'STARTED' AND ready = 1", "pickup_by", "look_at"}, .every_ms = 1000},
};
/* clang-format on */

static const struct service_pool POOLS[] = {
    {"work", 8, 1024},
};

/* clang-format off */
#define MOVE(op_, change_)                                                                         \
    {ENDPOINT_CHANGE(op_, change_, struct delivery_query, struct delivery_summary), .pool = "work", .timeout_ms = 2000}

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(DELIVERY_LIST, delivery_show_list, struct delivery_list, struct delivery_page), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(DELIVERY_GET, delivery_show, struct delivery_query, struct delivery_view),
     .etag = offsetof(struct delivery_view, tag), .pool = "work", .timeout_ms = 2000},
    MOVE(DELIVERY_START, delivery_start),
    MOVE(DELIVERY_PICKUP, delivery_pickup),
    MOVE(DELIVERY_COMPLETE, delivery_complete),
    MOVE(DELIVERY_GIVE_BACK, delivery_give_back),
    MOVE(DELIVERY_END, delivery_end),
    {ENDPOINT(DELIVERY_EXPORT, export_read, struct export_query, struct export_page),
     .self = offsetof(struct delivery_service, exporter), .pool = "work", .timeout_ms = 5000},
};
/* clang-format on */

static const struct hearing HEARS[] = {
    {.type = &STORE_ACCEPTED, .fn = delivery_wait,     .kind = HEAR_IN_ORDER},
    {.type = &STORE_COOKED,   .fn = delivery_be_ready, .kind = HEAR_IN_ORDER},
    {.type = &STORE_CANCELED, .fn = delivery_cancel,   .kind = HEAR_IN_ORDER},
    {.type = &ORDER_CANCELED, .fn = delivery_cancel,   .kind = HEAR_IN_ORDER},
};

static const struct operation *const CALLS[] = {&ORDER_ADDRESS};

static const struct service_store STORES[] = {
    {&DELIVERY_TABLE, offsetof(struct delivery_service, deliveries.deliveries)},
};

static const struct export_row EXPORTS[] = {
    {&DELIVERY_CHANGED, offsetof(struct delivery_service, deliveries.deliveries), delivery_export,
     NULL},
};

static enum status start(void *self, const struct service_run *run)
{
    struct delivery_service *service = self;

    service->deliveries.outbox = run->outbox;
    service->deliveries.remote = run->remote;
    service->deliveries.cursors = run->cursors;
    service->exporter = (struct exporter){EXPORTS, ARRAY_LEN(EXPORTS), DELIVERY_EVENTS, service};
    return ST_OK;
}

static const struct service SERVICE = {
    .name = "delivery",
    .summary = "Has orders brought from their stores to the door, by the courier who comes first.",
    .size = sizeof(struct delivery_service),
    ROWS_OF(settings, SETTINGS),
    ROWS_OF(pools, POOLS),
    ROWS_OF(endpoints, ENDPOINTS),
    ROWS_OF(calls, CALLS),
    ROWS_OF(sweeps, SWEEPS),
    ROWS_OF(stores, STORES),
    .says = DELIVERY_EVENTS,
    ROWS_OF(hears, HEARS),
    .invariants = DELIVERY_INVARIANTS,
    .id_sets = DELIVERY_ID_SETS,
    .tallies = DELIVERY_TALLIES,
    .database = true,
    .unnamed_self = IS_FIRST(struct delivery_service, deliveries),
    .start = start,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &SERVICE);
}
