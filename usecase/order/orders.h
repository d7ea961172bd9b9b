/* orders.h - what the use cases of orders work with, and the sagas that carry an order through. */
#ifndef USECASE_ORDER_ORDERS_H
#define USECASE_ORDER_ORDERS_H

#include "dataservice/order/order_store.h"
#include "tool/once/barrier.h"
#include "tool/outbox/outbox.h"
#include "tool/page/cursor.h"
#include "tool/remote/remote.h"
#include "tool/saga/saga.h"

/* So long an order may wait to be paid, and its stock is held a while longer. */
#define ORDER_PAY_WITHIN_US (INT64_C(30) * 60 * 1000000)
#define ORDER_HOLD_LONGER_US (INT64_C(10) * 60 * 1000000)
/* The address goes so long after the order's end. */
#define ORDER_ADDRESS_KEPT_US (INT64_C(90) * 86400 * 1000000)

/* All borrowed. Read-only once wired. */
struct orders {
    struct store *orders, *lines, *addresses, *history;
    struct transactor *transactor;
    struct barrier *barrier; /* idempotency keys */
    struct outbox *outbox;
    struct saga_engine *sagas;
    struct remote *remote; /* what others.h asks */
    const struct clock *clock;
    const struct entropy *entropy;
    const struct cursor_key *cursors;
    int64_t num_east_s; /* of order numbers: seconds east of Greenwich */
    int64_t pay_within_us;
};

/** create_order, reserve_stock, authorize, confirm_order (the pivot), commit_stock. */
extern const struct saga_type PLACE_ORDER_SAGA;
/** begin_pay, authorize, confirm_order (the pivot), commit_stock. */
extern const struct saga_type PAY_ORDER_SAGA;
/** begin_cancel, cancel_ticket (the pivot), end_cancel. */
extern const struct saga_type CANCEL_ORDER_SAGA;

#endif
