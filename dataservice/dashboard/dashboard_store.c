/* dashboard_store.c - see dashboard_store.h. */
#include "dataservice/dashboard/dashboard_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct dashboard, order_id,              "order_id",        COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct dashboard, user_id,               "user_id",         COLUMN_UUID, 0),
    COLUMN(struct dashboard, store_id,              "store_id",        COLUMN_UUID, 0),
    COLUMN(struct dashboard, order.version,         "order_v",         COLUMN_INT,  0),
    COLUMN(struct dashboard, order.order_num,       "order_num",       COLUMN_TEXT, 0),
    COLUMN(struct dashboard, order.status,          "order_status",    COLUMN_TEXT, 0),
    COLUMN(struct dashboard, order.payment_status,  "order_payment",   COLUMN_TEXT, 0),
    COLUMN(struct dashboard, order.item_name,       "item_name",       COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
    COLUMN(struct dashboard, order.item_qty,        "item_qty",        COLUMN_INT,  0),
    COLUMN(struct dashboard, order.lines,           "order_lines",     COLUMN_INT,  0),
    COLUMNS_MONEY(struct dashboard, order.total, "total", "currency"),
    COLUMN(struct dashboard, order.cancel_asked,    "order_asked",     COLUMN_BOOL, 0),
    COLUMN(struct dashboard, order.reason,          "order_reason",    COLUMN_TEXT, 0),
    COLUMN(struct dashboard, order.ordered_us,      "ordered_at",      COLUMN_TIME, 0),
    COLUMN(struct dashboard, order.ended_us,        "ended_at",        COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, order.as_of_us,        "order_as_of",     COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, payment.version,       "payment_v",       COLUMN_INT,  0),
    COLUMN(struct dashboard, payment.status,        "payment_status",  COLUMN_TEXT, 0),
    COLUMN(struct dashboard, payment.captured,      "captured",        COLUMN_INT,  0),
    COLUMN(struct dashboard, payment.refunded,      "refunded",        COLUMN_INT,  0),
    COLUMN(struct dashboard, payment.reason,        "payment_reason",  COLUMN_TEXT, 0, .length = PAYMENT_REASON_MAX),
    COLUMN(struct dashboard, payment.paid_us,       "paid_at",         COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, payment.as_of_us,      "payment_as_of",   COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, ticket.version,        "store_v",         COLUMN_INT,  0),
    COLUMN(struct dashboard, ticket.owner_id,       "owner_id",        COLUMN_UUID, 0),
    COLUMN(struct dashboard, ticket.status,         "ticket_status",   COLUMN_TEXT, 0),
    COLUMN(struct dashboard, ticket.cancel_asked,   "ticket_asked",    COLUMN_BOOL, 0),
    COLUMN(struct dashboard, ticket.reason,         "ticket_reason",   COLUMN_TEXT, 0),
    COLUMN(struct dashboard, ticket.accepted_us,    "accepted_at",     COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, ticket.cooked_us,      "cooked_at",       COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, ticket.as_of_us,       "ticket_as_of",    COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, delivery.version,      "delivery_v",      COLUMN_INT,  0),
    COLUMN(struct dashboard, delivery.status,       "delivery_status", COLUMN_TEXT, 0),
    COLUMN(struct dashboard, delivery.picked_up_us, "picked_up_at",    COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, delivery.delivered_us, "delivered_at",    COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, delivery.as_of_us,     "delivery_as_of",  COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard, status,                "status",          COLUMN_ENUM, 0, .names = DASHBOARD_STATUS_NAMES),
    COLUMN(struct dashboard, changes,               "changes",         COLUMN_INT,  COLUMN_VERSION),
};

static const struct column SHOP_COLUMNS[] = {
    COLUMN(struct dashboard_shop, store_id, "store_id", COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct dashboard_shop, owner_id, "owner_id", COLUMN_UUID, 0),
    COLUMN(struct dashboard_shop, name,     "name",     COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
    COLUMN(struct dashboard_shop, version,  "version",  COLUMN_INT,  COLUMN_VERSION),
};

static const struct column REBUILD_COLUMNS[] = {
    COLUMN(struct dashboard_rebuild, id,         "id",          COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct dashboard_rebuild, state,      "state",       COLUMN_ENUM, 0, .names = REBUILD_STATE_NAMES),
    COLUMN(struct dashboard_rebuild, after,      "after_id",    COLUMN_UUID, 0),
    COLUMN(struct dashboard_rebuild, items,      "items",       COLUMN_INT,  0),
    COLUMN(struct dashboard_rebuild, done,       "done",        COLUMN_INT,  0),
    COLUMN(struct dashboard_rebuild, started_us, "started_at",  COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard_rebuild, ended_us,   "ended_at",    COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct dashboard_rebuild, version,    "version",     COLUMN_INT,  COLUMN_VERSION),
};

const struct table DASHBOARD_TABLE = TABLE(struct dashboard, COLUMNS, "dashboard");
const struct table DASHBOARD_NEXT_TABLE = TABLE(struct dashboard, COLUMNS, "dashboard_next");
const struct table DASHBOARD_SHOP_TABLE = TABLE(struct dashboard_shop, SHOP_COLUMNS, "shop");
const struct table DASHBOARD_REBUILD_TABLE = TABLE(struct dashboard_rebuild, REBUILD_COLUMNS, "rebuild");

const struct invariant DASHBOARD_INVARIANTS[] = {
    {"a row is of an order, a payment, a ticket or a delivery",
     "SELECT order_id AS id FROM dashboard WHERE order_v + payment_v + store_v + delivery_v = 0",
     "Somebody made it by hand: hanokctl dashboard rebuild."},
    {"a rebuild comes to its end",
     "SELECT id FROM rebuild WHERE state <> 'IDLE' AND started_at < NOW() - INTERVAL 1 HOUR",
     "One of the services it asks does not answer: see the log of the dashboard service."},
    {NULL, NULL, NULL},
};
/* clang-format on */
