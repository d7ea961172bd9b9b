/* order_reading.c - how orders are read; see order.h. */
#include "protocol/order.h"
#include "protocol/order_common.h"

static const struct field QUERY_FIELDS[] = {
    FIELD(struct order_query, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which order."),
};

const struct descriptor ORDER_QUERY =
    DESCRIPTOR(struct order_query, "OrderQuery", QUERY_FIELDS, "One by its id.");

static const struct field NUM_FIELDS[] = {
    FIELD(struct order_num_query, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_PATH,
          .rule = &ORDER_NUM_RULE, .doc = "Its number."),
};

static const struct descriptor NUM_QUERY =
    DESCRIPTOR(struct order_num_query, "OrderNumQuery", NUM_FIELDS, "One by its number.");

static const struct field PAYMENT_FIELDS[] = {
    FIELD(struct order_payment, status, "status", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "REQUESTED, DEFERRED, AUTHORIZED, then as the payment service says."),
    FIELD(struct order_payment, pay_by_us, "payBy", FIELD_TIME, 0,
          .doc = "By when it is to be paid, where that is still to be done."),
};

static const struct descriptor PAYMENT =
    DESCRIPTOR(struct order_payment, "OrderPayment", PAYMENT_FIELDS, "How far its payment is.");

static const struct field SUMMARY_FIELDS[] = {
    FIELD(struct order_summary, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct order_summary, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &ORDER_NUM_RULE, .doc = "What to call it by."),
    FIELD(struct order_summary, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Who ordered."),
    FIELD(struct order_summary, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Of which store."),
    FIELD(struct order_summary, total, "total", FIELD_MONEY, FIELD_REQUIRED,
          .doc = "What it costs."),
    FIELD(struct order_summary, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = ORDER_STATUS_NAMES, .doc = "How far it is."),
    FIELD(struct order_summary, payment, "payment", FIELD_OBJECT, FIELD_REQUIRED, .item = &PAYMENT,
          .doc = "How far its payment is."),
    FIELD(struct order_summary, cancel_asked, "cancelAsked", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "Its store was asked to cancel it."),
    FIELD(struct order_summary, reason, "reason", FIELD_TEXT, 0,
          .doc = "Why it came to nothing: sold_out, payment_declined ..."),
    FIELD_ACTIONS(struct order_summary),
    FIELD(struct order_summary, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was made."),
    FIELD(struct order_summary, updated_us, "updatedAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it changed last."),
    FIELD(struct order_summary, version, "version", FIELD_INT, FIELD_REQUIRED,
          .doc = "1, then one more with each change; the ETag."),
};

static const struct descriptor SUMMARY = DESCRIPTOR(struct order_summary, "OrderSummary",
                                                    SUMMARY_FIELDS, "An order, without its lines.");

static const struct field LINE_FIELDS[] = {
    FIELD(struct order_line_view, line, "", FIELD_INLINE, 0, .item = &ORDER_LINE_NAMED),
    FIELD(struct order_line_view, note, "note", FIELD_TEXT, 0, .doc = "Why it could not be had."),
};

static const struct descriptor LINE = DESCRIPTOR(struct order_line_view, "OrderLineView",
                                                 LINE_FIELDS, "So many of a product, as ordered.");

static const struct field VIEW_FIELDS[] = {
    FIELD(struct order_view, order, "", FIELD_INLINE, 0, .item = &SUMMARY),
    FIELD(struct order_view, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &LINE,
          .max = ORDER_LINES_MAX, .count_offset = offsetof(struct order_view, n_lines),
          .doc = "Of what, how many."),
};

static const struct descriptor VIEW =
    DESCRIPTOR(struct order_view, "Order", VIEW_FIELDS, "An order.");

static const struct operation_error GET_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no such order, or it is another's."},
    {ST_OK,        NULL,        NULL                                         },
};

const struct operation ORDER_GET = {
    .subject = "order.get",
    .summary = "Read an order",
    .request = &ORDER_QUERY,
    .reply = &VIEW,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};

const struct operation ORDER_BY_NUMBER = {
    .subject = "order.by_number",
    .summary = "Read an order by its number",
    .request = &NUM_QUERY,
    .reply = &VIEW,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};

static const struct field LIST_FIELDS[] = {
    FIELD(struct order_list, user_id, "userId", FIELD_UUID, FIELD_IN_QUERY,
          .doc = "Whose; another's only for the role admin, which sees all without it."),
    FIELD(struct order_list, status, "status", FIELD_ENUM, FIELD_IN_QUERY,
          .names = ORDER_STATUS_NAMES, .doc = "Those alone."),
    FIELD(struct order_list, from_us, "from", FIELD_TIME, FIELD_IN_QUERY,
          .doc = "Made then or later."),
    FIELD(struct order_list, to_us, "to", FIELD_TIME, FIELD_IN_QUERY, .doc = "Made before."),
    FIELD(struct order_list, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};

static const struct descriptor LIST =
    DESCRIPTOR(struct order_list, "OrderList", LIST_FIELDS, "Which orders.",
               .given = offsetof(struct order_list, given));

static const struct descriptor PAGE =
    PAGE_OF(struct order_page, "OrderPage", &SUMMARY, "Orders, the newest first.");

/* clang-format off */
static const struct operation_error LIST_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "They are another's."},
    PAGE_ERROR,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation ORDER_LIST = {
    .subject = "order.list",
    .summary = "List orders",
    .request = &LIST,
    .reply = &PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = LIST_ERRORS,
};

static const struct field ENTRY_FIELDS[] = {
    FIELD(struct order_history, seq, "seq", FIELD_INT, FIELD_REQUIRED,
          .doc = "The order's version since then."),
    FIELD(struct order_history, at_us, "at", FIELD_TIME, FIELD_REQUIRED, .doc = "When."),
    FIELD(struct order_history, by, "by", FIELD_ENUM, FIELD_REQUIRED, .names = ORDER_ACTOR_NAMES,
          .doc = "Who."),
    FIELD(struct order_history, by_id, "byId", FIELD_UUID, 0,
          .doc = "The person, where it was one."),
    FIELD(struct order_history, from, "from", FIELD_TEXT, 0, .doc = "The status before."),
    FIELD(struct order_history, to, "to", FIELD_TEXT, FIELD_REQUIRED, .doc = "The status since."),
    FIELD(struct order_history, reason, "reason", FIELD_TEXT, 0, .doc = "Why."),
};

static const struct descriptor ENTRY = DESCRIPTOR(struct order_history, "OrderHistoryEntry",
                                                  ENTRY_FIELDS, "What was done to an order.");

static const struct field HISTORY_FIELDS[] = {
    FIELD(struct order_history_view, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = &ENTRY,
          .max = ORDER_HISTORY_MAX, .count_offset = offsetof(struct order_history_view, n_items),
          .doc = "The oldest first."),
};

static const struct descriptor HISTORY =
    DESCRIPTOR(struct order_history_view, "OrderHistory", HISTORY_FIELDS,
               "Who did what to an order, when and why.");

const struct operation ORDER_HISTORY = {
    .subject = "order.history",
    .summary = "Read what was done to an order",
    .request = &ORDER_QUERY,
    .reply = &HISTORY,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};
