/* delivery_store.c - see delivery_store.h. */
#include "dataservice/delivery/delivery_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct delivery_row, order_id,     "order_id",     COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct delivery_row, store_id,     "store_id",     COLUMN_UUID, 0),
    COLUMN(struct delivery_row, user_id,      "user_id",      COLUMN_UUID, 0),
    COLUMN(struct delivery_row, owner_id,     "owner_id",     COLUMN_UUID, 0),
    COLUMN(struct delivery_row, courier_id,   "courier_id",   COLUMN_UUID, COLUMN_NULLABLE),
    COLUMN(struct delivery_row, status,       "status",       COLUMN_ENUM, 0, .names = DELIVERY_STATUS_NAMES),
    COLUMN(struct delivery_row, ready,        "ready",        COLUMN_BOOL, 0),
    COLUMN(struct delivery_row, started_us,   "started_at",   COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct delivery_row, pickup_by_us, "pickup_by",    COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct delivery_row, look_at_us,   "look_at",      COLUMN_TIME, COLUMN_NULLABLE | COLUMN_ASIDE),
    COLUMN(struct delivery_row, picked_up_us, "picked_up_at", COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct delivery_row, delivered_us, "delivered_at", COLUMN_TIME, COLUMN_NULLABLE),
    COLUMNS_CHANGED(struct delivery_row),
};

const struct table DELIVERY_TABLE = TABLE(struct delivery_row, COLUMNS, "delivery");

const struct invariant DELIVERY_INVARIANTS[] = {
    {"a delivery has a courier if somebody has taken it",
     "SELECT order_id AS id FROM delivery WHERE (status IN ('STARTED', 'PICKED_UP')) <> (courier_id IS NOT NULL)"
     " AND status NOT IN ('DELIVERED', 'CANCELED')",
     "It was changed past its use cases: nobody can move it on, or two might."},
    {"a delivery is picked up once it is ready",
     "SELECT order_id AS id FROM delivery WHERE status IN ('PICKED_UP', 'DELIVERED') AND (ready = 0 OR picked_up_at IS NULL)",
     "It was changed past its use cases: what it says of itself is wrong."},
    {"an order is brought within a day of being accepted",
     "SELECT order_id AS id FROM delivery WHERE status IN ('WAITING', 'STARTED', 'PICKED_UP') AND created_at < UTC_TIMESTAMP() - INTERVAL 1 DAY",
     "Ask its store and its courier; where nobody will bring it: hanokctl delivery end, and hanokctl payment refund."},
    VERSIONS_SAID("a delivery", "delivery", "order_id", "delivery"),
    {NULL, NULL, NULL},
};

const struct id_set DELIVERY_ID_SETS[] = {
    {"done_deliveries", "SELECT order_id AS id FROM delivery WHERE status = 'DELIVERED'"},
    {"open_deliveries", "SELECT order_id AS id FROM delivery WHERE status IN ('WAITING', 'STARTED', 'PICKED_UP')"},
    {"deliveries", "SELECT order_id AS id FROM delivery"},
    {"ready_deliveries", "SELECT order_id AS id FROM delivery WHERE ready = 1"},
    {"fetched_deliveries", "SELECT order_id AS id FROM delivery WHERE status IN ('PICKED_UP', 'DELIVERED')"
                           " AND picked_up_at < NOW(6) - INTERVAL 1 MINUTE"},
    {"brought_deliveries", "SELECT order_id AS id FROM delivery WHERE status = 'DELIVERED' AND updated_at < NOW(6) - INTERVAL 1 MINUTE"},
    {NULL, NULL},
};

static const char *const OPEN[] = {"WAITING", "STARTED", "PICKED_UP", NULL};

const struct tally DELIVERY_TALLIES[] = {
    {"hanok_deliveries", "Deliveries that are not at an end, by status.", "delivery", "status", OPEN},
    {NULL, NULL, NULL, NULL, NULL},
};
/* clang-format on */
