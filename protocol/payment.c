/* payment.c - what sagas ask of payments, and what happens to them; see payment.h. */
#include "protocol/payment.h"

#include "tool/event/export.h"

/* clang-format off */
static const struct field AUTHORIZATION_FIELDS[] = {
    FIELD(struct payment_authorization, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .doc = "The key of idempotency."),
    FIELD(struct payment_authorization, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "What is paid for."),
    FIELD(struct payment_authorization, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .doc = "Who pays."),
    FIELD(struct payment_authorization, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED, .doc = "Who is paid."),
    FIELD(struct payment_authorization, amount, "amount", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = MONEY_MAX,
          .doc = "In minor units: all that the order costs."),
    FIELD(struct payment_authorization, currency, "currency", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &PAYMENT_CURRENCY_RULE, .doc = "Of ISO 4217."),
    FIELD(struct payment_authorization, method, "method", FIELD_TEXT, FIELD_REQUIRED, .rule = &PAYMENT_METHOD_RULE,
          .doc = "The provider's token; never the number of a card."),
};
static const struct descriptor AUTHORIZATION =
    DESCRIPTOR(struct payment_authorization, "PaymentAuthorization", AUTHORIZATION_FIELDS, "Money to be held.");

static const struct field AUTHORIZED_FIELDS[] = {
    FIELD(struct payment_authorized, payment_id, "paymentId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct payment_authorized, operation_id, "operationId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "By which the provider was asked."),
    FIELD(struct payment_authorized, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = PAYMENT_STATUS_NAMES,
          .doc = "What is so now; AUTHORIZED or beyond unless it is a 202."),
};
static const struct descriptor AUTHORIZED =
    DESCRIPTOR(struct payment_authorized, "PaymentAuthorized", AUTHORIZED_FIELDS, "A payment that was asked for.");

static const struct operation_error AUTHORIZE_ERRORS[] = {
    {ST_CONFLICT, "payment_declined", "The provider says no; the detail begins with its reason."},
    {ST_CONFLICT, "cancelled", "The saga's void was here first."},
    {ST_CONFLICT, "wrong_state", "The payment is over: its order was canceled, or it expired."},
    {ST_UNPROCESSABLE, "amount_mismatch", "Another amount was asked for the same order."},
    {ST_UNAVAILABLE, "provider_unavailable", "The provider could not be asked, and has not been for this saga: nothing can have happened."},
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_AUTHORIZE = {
    .subject = "payment.authorize",
    .summary = "Hold the money of an order",
    .request = &AUTHORIZATION,
    .reply = &AUTHORIZED,
    .idempotent = true,
    .internal = true,
    .pending = "The provider has not said yet: ask again.",
    .errors = AUTHORIZE_ERRORS,
};

static const struct field ORDER_FIELDS[] = {
    FIELD(struct payment_order, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .doc = "The saga that is undone."),
    FIELD(struct payment_order, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "What was to be paid for."),
};
static const struct descriptor ORDER =
    DESCRIPTOR(struct payment_order, "PaymentOrder", ORDER_FIELDS, "The payment of an order.");

static const struct field MOVED_FIELDS[] = {
    FIELD(struct payment_moved, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = PAYMENT_STATUS_NAMES,
          .doc = "What is so now."),
};
static const struct descriptor MOVED =
    DESCRIPTOR(struct payment_moved, "PaymentMoved", MOVED_FIELDS, "What is kept, whatever dies.");

const struct operation PAYMENT_VOID = {
    .subject = "payment.void",
    .summary = "Undo an authorization: before, without and after it",
    .request = &ORDER,
    .reply = &MOVED,
    .idempotent = true,
    .internal = true,
};

static const struct field AMOUNT_FIELDS[] = {
    FIELD(struct payment_amount, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .doc = "The key of idempotency."),
    FIELD(struct payment_amount, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "What is paid for."),
    FIELD(struct payment_amount, amount, "amount", FIELD_INT, FIELD_REQUIRED, .min = 1, .max = MONEY_MAX,
          .doc = "In minor units of the payment's currency."),
};
static const struct descriptor AMOUNT =
    DESCRIPTOR(struct payment_amount, "PaymentAmount", AMOUNT_FIELDS, "Money that is to go one way or the other.");

static const struct operation_error CAPTURE_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no payment for this order."},
    {ST_CONFLICT, "capture_exceeds_authorized", "More than was authorized; the detail says what is left."},
    STATES_ERROR,
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_CAPTURE = {
    .subject = "payment.capture",
    .summary = "Take the money that is held, as soon as the provider does",
    .request = &AMOUNT,
    .reply = &MOVED,
    .idempotent = true,
    .internal = true,
    .errors = CAPTURE_ERRORS,
};

static const struct operation_error REFUND_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no payment for this order."},
    {ST_CONFLICT, "refund_exceeds_captured", "More than was captured and not refunded; the detail says what is left."},
    STATES_ERROR,
    {ST_OK, NULL, NULL},
};

const struct operation PAYMENT_REFUND = {
    .subject = "payment.refund",
    .summary = "Give money back, as soon as the provider does",
    .request = &AMOUNT,
    .reply = &MOVED,
    .idempotent = true,
    .internal = true,
    .errors = REFUND_ERRORS,
};

const struct operation PAYMENT_EXPORT = EXPORT_OPERATION("payment.export");

static const struct field EVENT_FIELDS[] = {
    FIELD(struct payment_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "What is paid for."),
    FIELD(struct payment_event, payment_id, "paymentId", FIELD_UUID, FIELD_REQUIRED, .doc = "The payment's id."),
    FIELD(struct payment_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .doc = "Who pays."),
    FIELD(struct payment_event, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED, .doc = "Who is paid."),
    FIELD(struct payment_event, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = PAYMENT_STATUS_NAMES,
          .doc = "What is so now."),
    FIELD(struct payment_event, amount, "amount", FIELD_MONEY, FIELD_REQUIRED, .doc = "All that the order costs."),
    FIELD(struct payment_event, captured, "captured", FIELD_MONEY, FIELD_REQUIRED, .doc = "What was taken of it."),
    FIELD(struct payment_event, refunded, "refunded", FIELD_MONEY, FIELD_REQUIRED, .doc = "What was given back of that."),
    FIELD(struct payment_event, reason, "reason", FIELD_TEXT, 0, .doc = "Why the provider declined last."),
    FIELD(struct payment_event, version, "version", FIELD_INT, FIELD_REQUIRED, .doc = "1, 2, 3 ...: none is left out."),
    FIELD(struct payment_event, authorized_us, "authorizedAt", FIELD_TIME, 0, .doc = "Since when its money was held."),
    FIELD(struct payment_event, updated_us, "updatedAt", FIELD_TIME, 0, .doc = "Since when it is so."),
};
const struct descriptor PAYMENT_EVENT =
    DESCRIPTOR(struct payment_event, "PaymentEvent", EVENT_FIELDS, "A payment as it is.");

#define SAYS(name_, summary_)                                                                      \
    {.name = (name_), .summary = (summary_), .data = &PAYMENT_EVENT,                               \
     .key = offsetof(struct payment_event, order_id)}
const struct event_type PAYMENT_ASKED = SAYS("payment.asked", "The provider is asked for something; the status says for what");
const struct event_type PAYMENT_AUTHORIZED = SAYS("payment.authorized", "Money is held for an order");
const struct event_type PAYMENT_DECLINED = SAYS("payment.declined", "The provider declined what it was asked for");
const struct event_type PAYMENT_CAPTURED = SAYS("payment.captured", "Money was taken");
const struct event_type PAYMENT_VOIDED = SAYS("payment.voided", "Nothing is held any more: who wanted it has undone it");
const struct event_type PAYMENT_REFUNDED = SAYS("payment.refunded", "Money was given back, in part or all of it");
const struct event_type PAYMENT_CANCELED = SAYS("payment.canceled", "Nothing is left of a payment whose order was canceled");
const struct event_type PAYMENT_EXPIRED = SAYS("payment.expired", "Money was held for so long that it is not any more");

const struct event_type *const PAYMENT_EVENTS[] = {
    &PAYMENT_ASKED,
    &PAYMENT_AUTHORIZED,
    &PAYMENT_DECLINED,
    &PAYMENT_CAPTURED,
    &PAYMENT_VOIDED,
    &PAYMENT_REFUNDED,
    &PAYMENT_CANCELED,
    &PAYMENT_EXPIRED,
    NULL,
};
/* clang-format on */
