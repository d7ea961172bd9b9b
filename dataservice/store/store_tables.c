/* store_tables.c - see store_tables.h. */
#include "dataservice/store/store_tables.h"

/* clang-format off */
static const struct column STORE_COLUMNS[] = {
    COLUMNS_SHARED(struct store_row, store_id),
    COLUMN(struct store_row, owner_id,           "owner_id",           COLUMN_UUID, 0),
    COLUMN(struct store_row, name,               "name",               COLUMN_TEXT, 0, .length = STORE_NAME_MAX),
    COLUMN(struct store_row, open,               "open",               COLUMN_BOOL, 0),
    COLUMN(struct store_row, auto_accept,        "auto_accept",        COLUMN_BOOL, 0),
    COLUMN(struct store_row, approve_unanswered, "approve_unanswered", COLUMN_BOOL, 0),
};
const struct table STORE_TABLE = TABLE(struct store_row, STORE_COLUMNS, "store");

static const struct column TICKET_COLUMNS[] = {
    COLUMN(struct ticket, order_id,       "order_id",       COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct ticket, order_num,      "order_num",      COLUMN_TEXT, 0),
    COLUMN(struct ticket, store_id,       "store_id",       COLUMN_UUID, 0),
    COLUMN(struct ticket, owner_id,       "owner_id",       COLUMN_UUID, 0),
    COLUMN(struct ticket, user_id,        "user_id",        COLUMN_UUID, 0),
    COLUMN(struct ticket, status,         "status",         COLUMN_ENUM, 0, .names = TICKET_STATUS_NAMES),
    COLUMN(struct ticket, cancel_asked,   "cancel_asked",   COLUMN_BOOL, 0),
    COLUMN(struct ticket, cancel_saga_id, "cancel_saga_id", COLUMN_UUID, COLUMN_NULLABLE | COLUMN_ASIDE),
    COLUMN(struct ticket, accept_by_us,   "accept_by",      COLUMN_TIME, 0),
    COLUMN(struct ticket, answer_by_us,   "answer_by",      COLUMN_TIME, 0),
    COLUMN(struct ticket, look_at_us,     "look_at",        COLUMN_TIME, COLUMN_ASIDE),
    COLUMN(struct ticket, minutes,        "minutes",        COLUMN_INT,  0),
    COLUMN(struct ticket, accepted_us,    "accepted_at",    COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct ticket, cooked_us,      "cooked_at",      COLUMN_TIME, COLUMN_NULLABLE),
    COLUMN(struct ticket, reason,         "reason",         COLUMN_TEXT, 0),
    COLUMNS_CHANGED(struct ticket),
};
const struct table TICKET_TABLE = TABLE(struct ticket, TICKET_COLUMNS, "ticket");

static const struct column LINE_COLUMNS[] = {
    COLUMN(struct ticket_line_row, line_id,                  "id",         COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct ticket_line_row, order_id,                 "order_id",   COLUMN_UUID, 0),
    COLUMN(struct ticket_line_row, seq,                      "seq",        COLUMN_INT,  0),
    COLUMN(struct ticket_line_row, line.product_id,          "product_id", COLUMN_UUID, 0),
    COLUMN(struct ticket_line_row, line.quantity,            "quantity",   COLUMN_INT,  0),
    COLUMNS_MONEY(struct ticket_line_row, line.unit_price, "unit_price", "currency"),
    COLUMN(struct ticket_line_row, line.name,                "name",       COLUMN_TEXT, 0, .length = PRODUCT_NAME_MAX),
};
static const struct unique_key ORDER_SEQ[] = {{"order_seq", {"order_id", "seq"}}};
const struct table TICKET_LINE_TABLE =
    TABLE(struct ticket_line_row, LINE_COLUMNS, "ticket_line", ROWS_OF(uniques, ORDER_SEQ));

const struct invariant STORE_INVARIANTS[] = {
    VERSIONS_SAID("a ticket", "ticket", "order_id", "store"),
    VERSIONS_SAID("a store", "store", "id", "store"),
    {"a ticket is of something, unless it was canceled first",
     "SELECT t.order_id AS id FROM ticket t LEFT JOIN ticket_line l ON l.order_id = t.order_id"
     " WHERE l.id IS NULL AND t.status <> 'CANCELED'",
     "Rows of ticket_line are missing: nobody knows what to make."},
    {"a question is of a ticket that the store is at work on",
     "SELECT order_id AS id FROM ticket WHERE cancel_asked = 1 AND status NOT IN ('ACCEPTED', 'COOKING')",
     "Somebody changed it by hand: its customer waits for an answer that is not asked for any more."},
    {NULL, NULL, NULL},
};

const struct id_set STORE_ID_SETS[] = {
    {"taken_orders", "SELECT order_id AS id FROM ticket WHERE status IN ('ACCEPTED', 'COOKING', 'READY', 'PICKED_UP')"},
    {"tickets", "SELECT order_id AS id FROM ticket"},
    {"worked_orders", "SELECT order_id AS id FROM ticket WHERE status IN ('ACCEPTED', 'COOKING', 'READY', 'PICKED_UP')"
                      " AND COALESCE(accepted_at, created_at) < NOW(6) - INTERVAL 1 MINUTE"},
    {"cooked_orders", "SELECT order_id AS id FROM ticket WHERE status = 'READY' AND updated_at < NOW(6) - INTERVAL 1 MINUTE"},
    {"left_tickets", "SELECT order_id AS id FROM ticket WHERE status = 'PICKED_UP'"},
    {"dropped_tickets", "SELECT order_id AS id FROM ticket WHERE status IN ('REJECTED', 'CANCELED') AND updated_at < NOW(6) - INTERVAL 1 MINUTE"},
    {NULL, NULL},
};

static const char *const OPEN[] = {"RECEIVED", "ACCEPTED", "COOKING", "READY", NULL};

const struct tally STORE_TALLIES[] = {
    {"hanok_tickets", "Tickets that are not at an end, by status.", "ticket", "status", OPEN},
    {NULL, NULL, NULL, NULL, NULL},
};
/* clang-format on */
