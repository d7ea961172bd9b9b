/* service.c - the order service. Tables and wiring, no logic. */
#include "cmd/order/order.h"
#include "protocol/auth.h"
#include "protocol/catalog.h"
#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/order/cancel.h"
#include "usecase/order/following.h"
#include "usecase/order/forgetting.h"
#include "usecase/order/inner.h"
#include "usecase/order/pay.h"
#include "usecase/order/place.h"
#include "usecase/order/reading.h"

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct order_service, orders.num_east_s, "order-num-tz", SETTING_ZONE, "Asia/Seoul",
            .doc = "where the time in order numbers is: a zone without summer time, or +09:00"),
    SETTING(struct order_service, orders.pay_within_us, "pay-within-s", SETTING_INT, "1800", .min = 1, .max = 86400, .times = 1000000,
            .unit = "s", .doc = "how long an order that is paid later waits for that, its stock held"),
};

static const struct service_pool POOLS[] = {
    {"work", 8, 1024},
};

#define WORK .pool = "work"

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(ORDER_CREATE, order_place, struct order_form, struct order_accepted), WORK, .timeout_ms = 5000,
     .wait = order_placed, .wait_key = offsetof(struct order_accepted, saga_id), .wait_looks = true},
    {ENDPOINT(ORDER_PAY, order_pay, struct order_pay_form, struct order_paying), WORK, .timeout_ms = 5000,
     .wait = order_paid, .wait_key = offsetof(struct order_paying, saga_id), .wait_looks = true},
    {ENDPOINT(ORDER_CANCEL, order_cancel, struct order_cancel_form, struct order_canceling), WORK, .timeout_ms = 5000,
     .wait = order_canceled, .wait_key = offsetof(struct order_canceling, saga_id), .wait_looks = true},
    {ENDPOINT(ORDER_GET, order_read, struct order_query, struct order_view), WORK,
     .etag = offsetof(struct order_view, order.version), .timeout_ms = 2000},
    {ENDPOINT(ORDER_BY_NUMBER, order_read_by_number, struct order_num_query, struct order_view), WORK, .timeout_ms = 2000},
    {ENDPOINT(ORDER_LIST, order_read_list, struct order_list, struct order_page), WORK, .timeout_ms = 2000},
    {ENDPOINT(ORDER_HISTORY, order_read_history, struct order_query, struct order_history_view), WORK, .timeout_ms = 2000},
    {ENDPOINT(ORDER_HOLD_CHECK, order_hold_check, struct hold_question, struct hold_answer), WORK, .timeout_ms = 2000},
    {ENDPOINT(ORDER_ADDRESS, order_tell_address, struct order_query, struct order_address), WORK, .timeout_ms = 2000},
    {ENDPOINT(ORDER_EXPORT, order_export, struct export_query, struct export_page), WORK, .timeout_ms = 5000},
};

#define HEAR(type_, fn_) {.type = &(type_), .fn = (fn_), .kind = HEAR_IN_ORDER}
static const struct hearing HEARS[] = {
    HEAR(PAYMENT_CAPTURED, order_payment_moved),
    HEAR(PAYMENT_REFUNDED, order_payment_moved),
    HEAR(PAYMENT_CANCELED, order_payment_moved),
    HEAR(PAYMENT_EXPIRED, order_payment_moved),
    HEAR(STORE_REJECTED, order_ticket_dropped),
    HEAR(STORE_CANCELED, order_ticket_dropped),
    HEAR(STORE_CANCEL_REFUSED, order_ticket_kept),
    HEAR(DELIVERY_DELIVERED, order_delivered),
    HEAR(AUTH_ACCOUNT_WITHDRAWN, order_forget_person),
};

static const struct service_store STORES[] = {
    {&ORDER_TABLE, offsetof(struct order_service, orders.orders)},
    {&ORDER_LINE_TABLE, offsetof(struct order_service, orders.lines)},
    {&ORDER_ADDRESS_TABLE, offsetof(struct order_service, orders.addresses)},
    {&ORDER_HISTORY_TABLE, offsetof(struct order_service, orders.history)},
};

static const struct job JOBS[] = {
    {"forget_addresses", offsetof(struct order_service, orders), order_forget_addresses, 60000, 5000, JOB_ONE_INSTANCE, 5000},
};

static const struct service_sweep SWEEPS[] = {
    {.name = "unpaid_order", .sweeper = offsetof(struct order_service, unpaid), .arg = offsetof(struct order_service, orders), .act = order_expire,
     .table = {"orders", "id", "status = 'AWAITING_PAYMENT'", "pay_by", "look_at"}, .every_ms = 1000},
};

/* A card is waited for up to five seconds: a lone caller is heard three times in the window. */
static const struct breaker_policy BREAKERS[] = {
    {"payment.authorize", .window_ms = 15000, .min_failures = 3, .failure_percent = 91, .open_ms = 1000, .half_open_probes = 3},
};
/* clang-format on */

static const struct operation *const CALLS[] = {&CATALOG_STOCK_RESERVE, &CATALOG_STOCK_RELEASE,
                                                &CATALOG_STOCK_COMMIT,  &PAYMENT_AUTHORIZE,
                                                &PAYMENT_VOID,          &STORE_TICKET_CANCEL};

static enum status start(void *self, const struct service_run *run)
{
    struct orders *orders = &((struct order_service *)self)->orders;

    orders->transactor = run->transactor;
    orders->barrier = run->barrier;
    orders->outbox = run->outbox;
    orders->sagas = run->sagas;
    orders->remote = run->remote;
    orders->clock = run->clock;
    orders->entropy = run->entropy;
    orders->cursors = run->cursors;
    saga_engine_add(run->sagas, &PLACE_ORDER_SAGA, orders);
    saga_engine_add(run->sagas, &PAY_ORDER_SAGA, orders);
    saga_engine_add(run->sagas, &CANCEL_ORDER_SAGA, orders);
    return ST_OK;
}

/* clang-format off */
const struct service ORDER_SERVICE = {
    .name = "order", .summary = "Takes orders, and carries them by sagas through stock and payment, or back.", .size = sizeof(struct order_service),
    ROWS_OF(settings, SETTINGS), ROWS_OF(pools, POOLS), ROWS_OF(endpoints, ENDPOINTS), ROWS_OF(calls, CALLS), ROWS_OF(breakers, BREAKERS),
    .says = ORDER_EVENTS, ROWS_OF(hears, HEARS), ROWS_OF(jobs, JOBS), ROWS_OF(sweeps, SWEEPS), ROWS_OF(stores, STORES),
    .invariants = ORDER_INVARIANTS, .id_sets = ORDER_ID_SETS, .tallies = ORDER_TALLIES, .database = true, .sagas = true,
    .unnamed_self = IS_FIRST(struct order_service, orders), .start = start,
};
/* clang-format on */
