/* order.c - how orders are made, paid and canceled; see order.h. */
#include "protocol/order.h"

#include "protocol/order_common.h"

/* clang-format off */
#define SENT_FIELDS                                                                                \
    FIELD(struct order_line, product_id, "productId", FIELD_UUID, FIELD_REQUIRED, .doc = "Of what."), \
    FIELD(struct order_line, quantity, "quantity", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = LINE_UNITS_MAX, .doc = "How many."), \
    FIELD(struct order_line, unit_price, "unitPrice", FIELD_MONEY, FIELD_REQUIRED, .min = 0, .max = PRODUCT_PRICE_MAX, \
          .doc = "The price of one: as it was seen, and once the order is confirmed as it is charged, which is never more.")

static const struct field LINE_FIELDS[] = {SENT_FIELDS};
static const struct field NAMED_FIELDS[] = {
    SENT_FIELDS,
    FIELD(struct order_line, name, "name", FIELD_TEXT, 0, .doc = "What the product was called then."),
};
/* clang-format on */

const struct descriptor ORDER_LINE =
    DESCRIPTOR(struct order_line, "OrderLine", LINE_FIELDS, "So many of a product.");
const struct descriptor ORDER_LINE_NAMED = DESCRIPTOR(
    struct order_line, "OrderLineNamed", NAMED_FIELDS, "So many of a product, by its name.");

static const struct field ADDRESS_FIELDS[] = {
    FIELD(struct order_address, name, "name", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &PROFILE_NAME_RULE, .doc = "Who takes it."),
    FIELD(struct order_address, phone, "phone", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &PROFILE_PHONE_RULE, .doc = "How to reach him."),
    FIELD(struct order_address, address, "address", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &ORDER_ADDRESS_RULE, .doc = "Where to."),
};

const struct descriptor ORDER_ADDRESSEE =
    DESCRIPTOR(struct order_address, "OrderAddress", ADDRESS_FIELDS,
               "Where it is delivered; told to nobody but who delivers it.");

static const struct field METHOD_FIELDS[] = {
    FIELD(struct order_method, method, "method", FIELD_TEXT, FIELD_REQUIRED | FIELD_SECRET,
          .rule = &ORDER_METHOD_RULE,
          .doc = "The payment provider's token of a card; never its number."),
};

const struct descriptor ORDER_METHOD =
    DESCRIPTOR(struct order_method, "OrderMethod", METHOD_FIELDS, "How it is paid.");

static const struct field FORM_FIELDS[] = {
    FIELD(struct order_form, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Of which store."),
    FIELD(struct order_form, lines, "lines", FIELD_LIST, FIELD_REQUIRED, .item = &ORDER_LINE,
          .min = 1, .max = ORDER_LINES_MAX, .count_offset = offsetof(struct order_form, n_lines),
          .doc = "Of what, at which price, how many; all in one currency."),
    FIELD(struct order_form, deliver_to, "deliverTo", FIELD_OBJECT, FIELD_REQUIRED,
          .item = &ORDER_ADDRESSEE, .doc = "Where to."),
    FIELD(struct order_form, payment, "payment", FIELD_OBJECT, FIELD_REQUIRED,
          .item = &ORDER_METHOD, .doc = "How it is paid."),
    FIELD(struct order_form, pay_later, "payLater", FIELD_BOOL, 0,
          .doc = "Whether it may be paid later when payments cannot be asked for now; true unless "
                 "said otherwise."),
};

static const struct descriptor FORM =
    DESCRIPTOR(struct order_form, "OrderForm", FORM_FIELDS, "What is wanted.",
               .given = offsetof(struct order_form, given));

static const struct field ACCEPTED_FIELDS[] = {
    FIELD(struct order_accepted, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct order_accepted, order_num, "orderNum", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &ORDER_NUM_RULE, .doc = "What to call it by."),
    FIELD(struct order_accepted, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The saga that places it."),
    FIELD(struct order_accepted, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = ORDER_STATUS_NAMES, .doc = "PENDING until stock and payment have answered."),
    FIELD(struct order_accepted, total, "total", FIELD_MONEY, FIELD_REQUIRED,
          .doc = "What it costs."),
    FIELD(struct order_accepted, pay_by_us, "payBy", FIELD_TIME, 0,
          .doc = "By when it is to be paid, where that is still to be done."),
    FIELD(struct order_accepted, reason, "reason", FIELD_TEXT, 0, .doc = "Why it came to nothing."),
    FIELD_ACTIONS(struct order_accepted),
};

static const struct descriptor ACCEPTED =
    DESCRIPTOR(struct order_accepted, "OrderAccepted", ACCEPTED_FIELDS, "An order, as it stands.");

/* clang-format off */
static const struct operation_error CREATE_ERRORS[] = {
    {ST_UNPROCESSABLE, "currency_mismatch", "Its lines, or these and the store's prices, are not of one currency."},
    {ST_CONFLICT, "sold_out", "With Prefer: wait: there is not enough of something; errors say of which lines."},
    {ST_CONFLICT, "price_changed", "With Prefer: wait: something costs more now."},
    {ST_CONFLICT, "store_closed", "With Prefer: wait: the store is closed."},
    {ST_CONFLICT, "product_gone", "With Prefer: wait: something is not sold any more."},
    {ST_CONFLICT, "payment_declined", "With Prefer: wait: the payment was declined."},
    {ST_UNAVAILABLE, "order_compensated", "With Prefer: wait: it could not be placed in time, and was undone; the same Idempotency-Key begins anew."},
    OPERATION_ONCE_BY_KEY,
    OPERATION_KEY_REQUIRED,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

/* Asked again under its key it is the same order. */
const struct operation ORDER_CREATE = {
    .subject = "order.create",
    .summary = "Order something",
    .request = &FORM,
    .reply = &ACCEPTED,
    .waits = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = CREATE_ERRORS,
};

static const struct field PAY_FIELDS[] = {
    FIELD(struct order_pay_form, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which order."),
    FIELD(struct order_pay_form, payment, "", FIELD_INLINE, 0, .item = &ORDER_METHOD),
};

static const struct descriptor PAY_FORM = DESCRIPTOR(
    struct order_pay_form, "OrderPayForm", PAY_FIELDS, "How an order is paid that awaits it.");

static const struct field PAYING_FIELDS[] = {
    FIELD(struct order_paying, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Which order."),
    FIELD(struct order_paying, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The saga that pays it."),
    FIELD(struct order_paying, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = ORDER_STATUS_NAMES, .doc = "CONFIRMED once it is paid, PAYING until then."),
    FIELD(struct order_paying, pay_by_us, "payBy", FIELD_TIME, 0,
          .doc = "By when it is to be paid, where that is still to be done."),
};

static const struct descriptor PAYING =
    DESCRIPTOR(struct order_paying, "OrderPaying", PAYING_FIELDS, "A payment under way, or done.");

/* clang-format off */
static const struct operation_error PAY_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no such order, or it is another's."},
    STATES_ERROR,
    {ST_CONFLICT, "payment_expired", "It was to be paid before now."},
    {ST_CONFLICT, "payment_declined", "With Prefer: wait: the payment was declined; another may be tried."},
    {ST_UNAVAILABLE, "payment_compensated", "With Prefer: wait: it could not be paid in time, and was undone; the same Idempotency-Key begins anew."},
    OPERATION_ONCE_BY_KEY,
    OPERATION_KEY_REQUIRED,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation ORDER_PAY = {
    .subject = "order.pay",
    .summary = "Pay an order that awaits it",
    .request = &PAY_FORM,
    .reply = &PAYING,
    .waits = true,
    .pending = "It is being paid; ask again, or for the order.",
    .access = {.kind = ACCESS_CALLER},
    .errors = PAY_ERRORS,
};

static const struct field CANCEL_FIELDS[] = {
    FIELD(struct order_cancel_form, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Which order."),
    FIELD(struct order_cancel_form, reason, "reason", FIELD_TEXT, FIELD_IN_QUERY,
          .rule = &ORDER_REASON_RULE, .doc = "Why, in a word; nothing personal."),
};

static const struct descriptor CANCEL_FORM =
    DESCRIPTOR(struct order_cancel_form, "OrderCancelForm", CANCEL_FIELDS,
               "An order that is not wanted any more.");

static const struct field CANCELING_FIELDS[] = {
    FIELD(struct order_canceling, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Which order."),
    FIELD(struct order_canceling, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The saga that cancels it."),
    FIELD(struct order_canceling, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = ORDER_STATUS_NAMES,
          .doc =
              "CANCELED, or CANCEL_PENDING until then; what it was when its store must consent."),
    FIELD(struct order_canceling, cancel_asked, "cancelAsked", FIELD_BOOL, 0,
          .doc = "Its store was asked to consent."),
    FIELD(struct order_canceling, refund, "refund", FIELD_MONEY, 0,
          .doc = "What is given back, where something was paid."),
};

static const struct descriptor CANCELING = DESCRIPTOR(
    struct order_canceling, "OrderCanceling", CANCELING_FIELDS, "A cancellation, as it stands.");

/* clang-format off */
static const struct operation_error CANCEL_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no such order, or it is another's."},
    {ST_CONFLICT, "order_in_progress", "It is being placed or paid; see Retry-After."},
    {ST_CONFLICT, "too_late_to_cancel", "It is on its way, or was delivered."},
    STATES_ERROR,
    {ST_UNAVAILABLE, "cancel_compensated", "With Prefer: wait: it could not be canceled in time, and is as it was."},
    {ST_OK, NULL, NULL},
};
/* clang-format on */

/* Asked again it is the same cancellation. */
const struct operation ORDER_CANCEL = {
    .subject = "order.cancel",
    .summary = "Cancel an order",
    .request = &CANCEL_FORM,
    .reply = &CANCELING,
    .idempotent = true,
    .waits = true,
    .pending = "It is being canceled; ask again, or for the order.",
    .access = {.kind = ACCESS_CALLER},
    .errors = CANCEL_ERRORS,
};
