/* service.c - the order service. Tables, no logic. */
#include "cmd/order/order.h"
#include "protocol/catalog.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "tool/core/mem.h"
#include "usecase/order/cancel.h"
#include "usecase/order/inner.h"
#include "usecase/order/pay.h"
#include "usecase/order/place.h"
#include "usecase/order/reading.h"

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct order_service, num_tz, "order-num-tz", SETTING_TEXT, "Asia/Seoul",
            .doc = "where the time in order numbers is: a zone without summer time, or +09:00"),
    SETTING(struct order_service, pay_within_s, "pay-within-s", SETTING_INT, "1800", .min = 1, .max = 86400,
            .unit = "s", .doc = "how long an order that is paid later waits for that, its stock held"),
};

static const struct service_pool POOLS[] = {
    {"work", 8, 1024},
};

#define SELF .self = offsetof(struct order_service, orders), .pool = "work"

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(ORDER_CREATE, order_place, struct order_form, struct order_accepted), SELF, .timeout_ms = 5000,
     .wait = order_placed, .wait_key = offsetof(struct order_accepted, saga_id), .wait_looks = true},
    {ENDPOINT(ORDER_PAY, order_pay, struct order_pay_form, struct order_paying), SELF, .timeout_ms = 5000,
     .wait = order_paid, .wait_key = offsetof(struct order_paying, saga_id), .wait_looks = true},
    {ENDPOINT(ORDER_CANCEL, order_cancel, struct order_cancel_form, struct order_canceling), SELF, .timeout_ms = 5000,
     .wait = order_canceled, .wait_key = offsetof(struct order_canceling, saga_id), .wait_looks = true},
    {ENDPOINT(ORDER_GET, order_read, struct order_query, struct order_view), SELF,
     .etag = offsetof(struct order_view, order.version), .timeout_ms = 2000},
    {ENDPOINT(ORDER_BY_NUMBER, order_read_by_number, struct order_num_query, struct order_view), SELF, .timeout_ms = 2000},
    {ENDPOINT(ORDER_LIST, order_read_list, struct order_list, struct order_page), SELF, .timeout_ms = 2000},
    {ENDPOINT(ORDER_HISTORY, order_read_history, struct order_query, struct order_history_view), SELF, .timeout_ms = 2000},
    {ENDPOINT(ORDER_HOLD_CHECK, order_hold_check, struct hold_question, struct hold_answer), SELF, .timeout_ms = 2000},
    {ENDPOINT(ORDER_ADDRESS, order_tell_address, struct order_query, struct order_address), SELF, .timeout_ms = 2000},
    {ENDPOINT(ORDER_EXPORT, order_export, struct export_query, struct export_page), SELF, .timeout_ms = 5000},
};

static const struct hearing HEARS[] = {
    {&PAYMENT_CAPTURED, offsetof(struct order_service, orders), order_payment_moved, HEAR_IN_ORDER, NULL},
    {&PAYMENT_REFUNDED, offsetof(struct order_service, orders), order_payment_moved, HEAR_IN_ORDER, NULL},
    {&PAYMENT_CANCELED, offsetof(struct order_service, orders), order_payment_moved, HEAR_IN_ORDER, NULL},
    {&PAYMENT_EXPIRED, offsetof(struct order_service, orders), order_payment_moved, HEAR_IN_ORDER, NULL},
};

static const struct service_store STORES[] = {
    {&ORDER_TABLE, offsetof(struct order_service, orders.orders)},
    {&ORDER_LINE_TABLE, offsetof(struct order_service, orders.lines)},
    {&ORDER_ADDRESS_TABLE, offsetof(struct order_service, orders.addresses)},
    {&ORDER_HISTORY_TABLE, offsetof(struct order_service, orders.history)},
};

static const struct job JOBS[] = {
    {"sweep_unpaid", offsetof(struct order_service, unpaid), sweeper_run, 1000, 5000, JOB_EVERYWHERE, 0},
    {"forget_addresses", offsetof(struct order_service, orders), order_forget_addresses, 60000, 5000, JOB_ONE_INSTANCE, 5000},
};
/* clang-format on */

static const struct operation *const CALLS[] = {&CATALOG_STOCK_RESERVE, &CATALOG_STOCK_RELEASE,
                                                &CATALOG_STOCK_COMMIT, &PAYMENT_AUTHORIZE,
                                                &PAYMENT_VOID};

static const struct event_type *const SAYS[] = {
    &ORDER_CREATED,      &ORDER_CONFIRMED, &ORDER_PAYMENT_DEFERRED, &ORDER_REJECTED,
    &ORDER_CANCEL_ASKED, &ORDER_CANCELED,  &ORDER_COMPLETED,        &ORDER_CHANGED};

const struct service ORDER_SERVICE = {
    .name = "order",
    .summary = "Takes orders, and carries them by sagas through stock and payment, or back.",
    .size = sizeof(struct order_service),
    .settings = SETTINGS,
    .n_settings = ARRAY_LEN(SETTINGS),
    .pools = POOLS,
    .n_pools = ARRAY_LEN(POOLS),
    .endpoints = ENDPOINTS,
    .n_endpoints = ARRAY_LEN(ENDPOINTS),
    .calls = CALLS,
    .n_calls = ARRAY_LEN(CALLS),
    .says = SAYS,
    .n_says = ARRAY_LEN(SAYS),
    .hears = HEARS,
    .n_hears = ARRAY_LEN(HEARS),
    .jobs = JOBS,
    .n_jobs = ARRAY_LEN(JOBS),
    .stores = STORES,
    .n_stores = ARRAY_LEN(STORES),
    .invariants = ORDER_INVARIANTS,
    .id_sets = ORDER_ID_SETS,
    .tallies = ORDER_TALLIES,
    .database = true,
    .sagas = true,
    .start = order_start,
    .stop = order_stop,
};
