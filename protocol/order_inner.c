/* order_inner.c - what other services ask of orders, and what has happened to them; see order.h. */
#include "protocol/order.h"
#include "protocol/order_common.h"
#include "tool/event/export.h"

static const struct field QUESTION_FIELDS[] = {
    FIELD(struct hold_question, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "For which order."),
    FIELD(struct hold_question, hold_id, "holdId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The hold of stock: the saga that placed the order."),
};

static const struct descriptor QUESTION =
    DESCRIPTOR(struct hold_question, "HoldQuestion", QUESTION_FIELDS, "A hold whose time is over.");

static const struct field ANSWER_FIELDS[] = {
    FIELD(struct hold_answer, answer, "answer", FIELD_ENUM, FIELD_REQUIRED,
          .names = HOLD_WISH_NAMES,
          .doc = "WANTED: keep it, it will be committed or released. UNWANTED: free it."),
};

static const struct descriptor ANSWER =
    DESCRIPTOR(struct hold_answer, "HoldAnswer", ANSWER_FIELDS, "What its owner says.");

const struct operation ORDER_HOLD_CHECK = {
    .subject = "order.hold.check",
    .summary = "Ask whether a hold of stock is still wanted",
    .request = &QUESTION,
    .reply = &ANSWER,
    .idempotent = true,
    .internal = true,
};

static const struct operation_error ADDRESS_ERRORS[] = {
    {ST_NOT_FOUND, "not_found",
     "There is no such order, or it is over for so long that its address is forgotten."},
    {ST_OK,        NULL,        NULL                                                   },
};

const struct operation ORDER_ADDRESS = {
    .subject = "order.address",
    .summary = "Ask where an order goes",
    .request = &ORDER_QUERY,
    .reply = &ORDER_ADDRESSEE,
    .idempotent = true,
    .internal = true,
    .errors = ADDRESS_ERRORS,
};

const struct operation ORDER_EXPORT = EXPORT_OPERATION("order.export");

static const struct field EVENT_FIELDS[] = {
    FIELD(struct order_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Which order."),
    FIELD(struct order_event, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Its number."),
    FIELD(struct order_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .doc = "Who ordered."),
    FIELD(struct order_event, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Of which store."),
    FIELD(struct order_event, status, "status", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "How far it is: PENDING, CONFIRMED, CANCELED ..."),
    FIELD(struct order_event, payment_status, "paymentStatus", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "How far its payment is."),
    FIELD(struct order_event, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &ORDER_LINE_NAMED,
          .max = ORDER_LINES_MAX, .count_offset = offsetof(struct order_event, n_lines),
          .doc = "Of what, how many, at which price."),
    FIELD(struct order_event, total, "total", FIELD_MONEY, FIELD_REQUIRED, .doc = "What it costs."),
    FIELD(struct order_event, cancel_asked, "cancelAsked", FIELD_BOOL, 0,
          .doc = "Its store was asked to cancel it."),
    FIELD(struct order_event, version, "version", FIELD_INT, FIELD_REQUIRED,
          .doc = "1, then one more with each event."),
    FIELD(struct order_event, reason, "reason", FIELD_TEXT, 0, .doc = "Why it came to nothing."),
    FIELD(struct order_event, item_name, "itemName", FIELD_TEXT, 0,
          .doc = "What the product of its first line is called, once that is known."),
    FIELD(struct order_event, created_us, "createdAt", FIELD_TIME, 0, .doc = "When it was made."),
    FIELD(struct order_event, updated_us, "updatedAt", FIELD_TIME, 0,
          .doc = "Since when it is so."),
    FIELD(struct order_event, ended_us, "endedAt", FIELD_TIME, 0,
          .doc = "When it was rejected, canceled or completed."),
};

static const struct descriptor EVENT =
    DESCRIPTOR(struct order_event, "OrderEvent", EVENT_FIELDS, "An order, as it is since then.");

#define ORDER_EVENT_TYPE(name_, summary_)                                                          \
    {                                                                                              \
        .name = (name_), .summary = (summary_), .data = &EVENT,                                    \
        .key = offsetof(struct order_event, order_id)                                              \
    }

const struct event_type ORDER_CREATED =
    ORDER_EVENT_TYPE("order.created", "Somebody ordered; nothing is certain yet");
const struct event_type ORDER_CONFIRMED =
    ORDER_EVENT_TYPE("order.confirmed", "Stock and payment are there: it is an order");
const struct event_type ORDER_PAYMENT_DEFERRED =
    ORDER_EVENT_TYPE("order.payment_deferred", "Its stock is held, it is still to be paid");
const struct event_type ORDER_REJECTED = ORDER_EVENT_TYPE("order.rejected", "It came to nothing");
const struct event_type ORDER_CANCEL_ASKED =
    ORDER_EVENT_TYPE("order.cancel_asked", "Somebody wants it canceled");
const struct event_type ORDER_CANCELED =
    ORDER_EVENT_TYPE("order.canceled", "It is canceled: who has done something for it undoes that");
const struct event_type ORDER_COMPLETED = ORDER_EVENT_TYPE("order.completed", "It was delivered");
const struct event_type ORDER_CHANGED =
    ORDER_EVENT_TYPE("order.changed", "It moved in a way that has no event of its own");

/* clang-format off */
const struct event_type *const ORDER_EVENTS[] = {
    &ORDER_CREATED,
    &ORDER_CONFIRMED,
    &ORDER_PAYMENT_DEFERRED,
    &ORDER_REJECTED,
    &ORDER_CANCEL_ASKED,
    &ORDER_CANCELED,
    &ORDER_COMPLETED,
    &ORDER_CHANGED,
    NULL,
};
/* clang-format on */
