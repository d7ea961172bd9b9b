/* order_store.c - see order_store.h. */
#include "dataservice/order/order_store.h"

/* clang-format off */
static const struct column ORDER_COLUMNS[] = {
    COLUMNS_SHARED(struct order, order_id),
    COLUMN(struct order, order_num,      "order_num",      COLUMN_TEXT, COLUMN_UNIQUE),
    COLUMN(struct order, user_id,        "user_id",        COLUMN_UUID, 0),
    COLUMN(struct order, store_id,       "store_id",       COLUMN_UUID, 0),
    COLUMNS_MONEY(struct order, total, "total", "currency"),
    COLUMN(struct order, status,         "status",         COLUMN_ENUM, 0, .names = ORDER_STATUS_NAMES),
    COLUMN(struct order, before_cancel,  "before_cancel",  COLUMN_ENUM, COLUMN_ASIDE, .names = ORDER_STATUS_NAMES),
    COLUMN(struct order, payment_status, "payment_status", COLUMN_TEXT, 0),
    COLUMN(struct order, pay_by_us,      "pay_by",         COLUMN_TIME, 0),
    COLUMN(struct order, look_at_us,     "look_at",        COLUMN_TIME, COLUMN_ASIDE),
    COLUMN(struct order, ended_us,       "ended_at",       COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct order, method,         "method",         COLUMN_TEXT, COLUMN_ASIDE),
    COLUMN(struct order, cancel_asked,   "cancel_asked",   COLUMN_BOOL, 0),
    COLUMN(struct order, heard,          "heard",          COLUMN_ENUM, COLUMN_ASIDE, .names = ORDER_HEARD_NAMES),
    COLUMN(struct order, reason,         "reason",         COLUMN_TEXT, 0),
    COLUMN(struct order, saga_id,        "saga_id",        COLUMN_UUID, 0),
    COLUMN(struct order, cancel_saga_id, "cancel_saga_id", COLUMN_UUID, COLUMN_NULLABLE | COLUMN_ASIDE),
};

static const struct column LINE_COLUMNS[] = {
    COLUMN(struct order_line_row, line_id,                  "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct order_line_row, order_id,                 "order_id",   COLUMN_UUID, 0),
    COLUMN(struct order_line_row, seq,                      "seq",        COLUMN_INT,  0),
    COLUMN(struct order_line_row, sent.product_id,          "product_id", COLUMN_UUID, 0),
    COLUMN(struct order_line_row, sent.quantity,            "quantity",   COLUMN_INT,  0),
    COLUMNS_MONEY(struct order_line_row, sent.unit_price, "unit_price", "currency"),
    COLUMN(struct order_line_row, charged,                  "charged",    COLUMN_INT,  COLUMN_NULLABLE,
           .has = offsetof(struct order_line_row, reserved)),
    COLUMN(struct order_line_row, sent.name,                "name",       COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
    COLUMN(struct order_line_row, note,                     "note",       COLUMN_TEXT, 0),
};

static const struct column ADDRESS_COLUMNS[] = {
    COLUMN(struct order_address_row, order_id,   "order_id",  COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct order_address_row, to.name,    "name",      COLUMN_TEXT, 0, .length = 64),
    COLUMN(struct order_address_row, to.phone,   "phone",     COLUMN_TEXT, 0, .length = 16),
    COLUMN(struct order_address_row, to.address, "address",   COLUMN_TEXT, 0, .length = ORDER_ADDRESS_MAX),
    COLUMN(struct order_address_row, forget_us,  "forget_at", COLUMN_TIME, 0),
};

static const struct column HISTORY_COLUMNS[] = {
    COLUMN(struct order_history, entry_id, "id",          COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct order_history, order_id, "order_id",    COLUMN_UUID, 0),
    COLUMN(struct order_history, seq,      "seq",         COLUMN_INT,  0),
    COLUMN(struct order_history, at_us,    "at",          COLUMN_TIME, 0),
    COLUMN(struct order_history, by,       "by_whom",     COLUMN_ENUM, 0, .names = ORDER_ACTOR_NAMES),
    COLUMN(struct order_history, by_id,    "by_id",       COLUMN_UUID, COLUMN_NULLABLE),
    COLUMN(struct order_history, from,     "from_status", COLUMN_TEXT, 0),
    COLUMN(struct order_history, to,       "to_status",   COLUMN_TEXT, 0),
    COLUMN(struct order_history, reason,   "reason",      COLUMN_TEXT, 0),
};

static const struct unique_key ORDER_SEQ[] = {
    {"order_seq", {"order_id", "seq"}},
};

const struct table ORDER_TABLE = TABLE(struct order, ORDER_COLUMNS, "orders");
const struct table ORDER_LINE_TABLE =
    TABLE(struct order_line_row, LINE_COLUMNS, "order_line", ROWS_OF(uniques, ORDER_SEQ));
const struct table ORDER_ADDRESS_TABLE =
    TABLE(struct order_address_row, ADDRESS_COLUMNS, "order_address");
const struct table ORDER_HISTORY_TABLE =
    TABLE(struct order_history, HISTORY_COLUMNS, "order_history", ROWS_OF(uniques, ORDER_SEQ));

const struct invariant ORDER_INVARIANTS[] = {
    {"an order that is being moved has an open saga",
     "SELECT o.id FROM orders o LEFT JOIN saga s ON s.subject = o.id AND s.done = 0 AND s.type ="
     " CASE o.status WHEN 'PENDING' THEN 'place_order' WHEN 'PAYING' THEN 'pay_order' ELSE 'cancel_order' END"
     " WHERE o.status IN ('PENDING', 'PAYING', 'CANCEL_PENDING') AND s.id IS NULL",
     "Nobody will move it on: look at its history (hanokctl order), and put its status right."},
    {"an order that is confirmed is paid for",
     "SELECT id FROM orders WHERE status IN ('CONFIRMED', 'COMPLETED')"
     " AND payment_status IN ('', 'REQUESTED', 'DEFERRED', 'DECLINED', 'VOIDED')",
     "It would be delivered for nothing: cancel it, or have it paid."},
    {"an order that is confirmed costs what its lines do",
     "SELECT o.id FROM orders o WHERE o.status IN ('CONFIRMED', 'COMPLETED') AND o.total <>"
     " (SELECT COALESCE(SUM(l.charged * l.quantity), -1) FROM order_line l WHERE l.order_id = o.id)",
     "Somebody changed it by hand: compare with what was charged (the payment of that order)."},
    {"each version of an order is in its history",
     "SELECT o.id FROM orders o WHERE o.version <> (SELECT COUNT(*) FROM order_history h WHERE h.order_id = o.id)",
     "It was changed past its use cases: views of it are wrong until its next event."},
    VERSIONS_SAID("an order", "orders", "id", "order"),
    {"the address of an order that is over goes one day",
     "SELECT a.order_id AS id FROM order_address a JOIN orders o ON o.id = a.order_id"
     " WHERE o.status IN ('REJECTED', 'CANCELED', 'COMPLETED') AND a.forget_at > NOW() + INTERVAL 91 DAY",
     "Set forget_at: nobody needs it any more."},
    {NULL, NULL, NULL},
};

const struct id_set ORDER_ID_SETS[] = {
    {"confirmed_orders", "SELECT id, CONCAT(total, ' ', currency) AS value FROM orders WHERE status IN ('CONFIRMED', 'COMPLETED')"},
    {"dropped_orders",   "SELECT id FROM orders WHERE status IN ('REJECTED', 'CANCELED') AND updated_at < NOW(6) - INTERVAL 1 MINUTE"},
    {"standing_orders",  "SELECT id FROM orders WHERE status IN ('CONFIRMED', 'COMPLETED') AND updated_at < NOW(6) - INTERVAL 1 MINUTE"},
    {"completed_orders", "SELECT id FROM orders WHERE status IN ('COMPLETED', 'CANCEL_PENDING')"},
    {"called_off_orders", "SELECT id FROM orders WHERE status IN ('REJECTED', 'CANCELED', 'CANCEL_PENDING')"},
    {"payments",         "SELECT id, payment_status AS value FROM orders"},
    {"open_orders",      "SELECT id FROM orders WHERE status IN ('PENDING', 'AWAITING_PAYMENT', 'PAYING', 'CANCEL_PENDING')"},
    {NULL, NULL},
};

static const char *const OPEN[] = {"PENDING", "AWAITING_PAYMENT", "PAYING", "CANCEL_PENDING", NULL};

const struct tally ORDER_TALLIES[] = {
    {"hanok_orders", "Orders that are not at an end, by status.", "orders", "status", OPEN},
    {NULL, NULL, NULL, NULL, NULL},
};
/* clang-format on */
