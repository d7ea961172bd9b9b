/* store_inner.c - what other services ask of stores, and what has happened there; see store.h. */
#include "protocol/store.h"
#include "tool/event/export.h"

/* clang-format off */
static const struct field CANCEL_FIELDS[] = {
    FIELD(struct ticket_cancel, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .doc = "The key of idempotency: one question."),
    FIELD(struct ticket_cancel, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which order, one that was confirmed."),
    FIELD(struct ticket_cancel, by, "by", FIELD_ENUM, FIELD_REQUIRED, .names = ORDER_ACTOR_NAMES, .doc = "Who wants it canceled."),
};
static const struct descriptor CANCEL =
    DESCRIPTOR(struct ticket_cancel, "TicketCancel", CANCEL_FIELDS, "An order that is not wanted any more.");

static const struct field CANCELED_FIELDS[] = {
    FIELD(struct ticket_canceled, status, "status", FIELD_ENUM, FIELD_REQUIRED, .names = TICKET_STATUS_NAMES,
          .doc = "CANCELED; REJECTED where the store did not take it anyhow."),
};
static const struct descriptor CANCELED =
    DESCRIPTOR(struct ticket_canceled, "TicketCanceled", CANCELED_FIELDS, "A ticket of which nothing becomes.");

static const struct operation_error CANCEL_ERRORS[] = {
    {ST_CONFLICT, "store_consent_needed", "The store has accepted it. It is asked, and says store.canceled or store.cancel_refused."},
    {ST_CONFLICT, "too_late_to_cancel", "It is made, or on its way."},
    {ST_OK, NULL, NULL},
};

const struct operation STORE_TICKET_CANCEL = {
    .subject = "store.ticket.cancel",
    .summary = "Cancel the ticket of an order, or ask the store to",
    .request = &CANCEL,
    .reply = &CANCELED,
    .idempotent = true,
    .internal = true,
    .errors = CANCEL_ERRORS,
};

const struct operation STORE_EXPORT = EXPORT_OPERATION("store.export");

static const struct field TICKET_FIELDS[] = {
    FIELD(struct ticket_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED, .doc = "Of which order."),
    FIELD(struct ticket_event, order_num, "orderNum", FIELD_TEXT, 0, .doc = "Its number; like the three ids that follow it is missing where the order was canceled before it was heard of."),
    FIELD(struct ticket_event, store_id, "storeId", FIELD_UUID, 0, .doc = "Of which store."),
    FIELD(struct ticket_event, owner_id, "ownerId", FIELD_UUID, 0, .doc = "Whose store that is."),
    FIELD(struct ticket_event, user_id, "userId", FIELD_UUID, 0, .doc = "Who ordered."),
    FIELD(struct ticket_event, status, "status", FIELD_TEXT, FIELD_REQUIRED, .doc = "How far it is: RECEIVED, ACCEPTED, COOKING, READY ..."),
    FIELD(struct ticket_event, cancel_asked, "cancelAsked", FIELD_BOOL, 0, .doc = "The store was asked to cancel it, and has not answered."),
    FIELD(struct ticket_event, accept_by_us, "acceptBy", FIELD_TIME, 0, .doc = "Until when it was to be accepted or rejected."),
    FIELD(struct ticket_event, minutes, "minutes", FIELD_INT, 0, .min = 0, .max = TICKET_MINUTES_MAX, .doc = "That it takes, as the store said."),
    FIELD(struct ticket_event, reason, "reason", FIELD_TEXT, 0, .doc = "Why it came to nothing."),
    FIELD(struct ticket_event, version, "version", FIELD_INT, FIELD_REQUIRED, .doc = "1, then one more with each event."),
    FIELD(struct ticket_event, at_us, "at", FIELD_TIME, FIELD_REQUIRED, .doc = "Since when it is so."),
    FIELD(struct ticket_event, accepted_us, "acceptedAt", FIELD_TIME, 0, .doc = "When the store took it on."),
    FIELD(struct ticket_event, cooked_us, "cookedAt", FIELD_TIME, 0, .doc = "When it was ready."),
};
static const struct descriptor TICKET = DESCRIPTOR(struct ticket_event, "TicketEvent", TICKET_FIELDS, "A ticket, as it is since then.");

static const struct field STORE_FIELDS[] = {
    FIELD(struct store_event, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED, .doc = "Which store."),
    FIELD(struct store_event, owner_id, "ownerId", FIELD_UUID, FIELD_REQUIRED, .doc = "Whose it is."),
    FIELD(struct store_event, name, "name", FIELD_TEXT, FIELD_REQUIRED, .rule = &STORE_NAME_RULE, .doc = "What it is called."),
    FIELD(struct store_event, open, "open", FIELD_BOOL, FIELD_REQUIRED, .doc = "Whether it takes orders."),
    FIELD(struct store_event, auto_accept, "autoAccept", FIELD_BOOL, FIELD_REQUIRED, .doc = "Accepts every ticket at once."),
    FIELD(struct store_event, version, "version", FIELD_INT, FIELD_REQUIRED, .doc = "1, then one more with each event."),
};
static const struct descriptor STORE = DESCRIPTOR(struct store_event, "StoreEvent", STORE_FIELDS, "A store, as it is since then.");

#define OF_TICKET(name_, summary_)                                                                 \
    {.name = (name_), .summary = (summary_), .data = &TICKET, .key = offsetof(struct ticket_event, order_id)}
#define OF_STORE(name_, summary_)                                                                  \
    {.name = (name_), .summary = (summary_), .data = &STORE, .key = offsetof(struct store_event, store_id)}

const struct event_type STORE_RECEIVED = OF_TICKET("store.received", "An order has come to its store");
const struct event_type STORE_ACCEPTED = OF_TICKET("store.accepted", "The store takes it");
const struct event_type STORE_COOKING_STARTED = OF_TICKET("store.cooking_started", "It is being made");
const struct event_type STORE_COOKED = OF_TICKET("store.cooked", "It is made, and can be fetched");
const struct event_type STORE_REJECTED = OF_TICKET("store.rejected", "The store does not take it, or did not say so in time");
const struct event_type STORE_CANCEL_REFUSED = OF_TICKET("store.cancel_refused", "The store goes on with an order that was to be canceled");
const struct event_type STORE_CANCELED = OF_TICKET("store.canceled", "The store makes nothing of it: the order is canceled, or the store consents to that");
const struct event_type STORE_TICKET_CHANGED = OF_TICKET("store.ticket_changed", "It moved in a way that has no event of its own");
const struct event_type STORE_OPENED = OF_STORE("store.opened", "A store takes orders");
const struct event_type STORE_CLOSED = OF_STORE("store.closed", "A store takes no orders");

const struct event_type *const STORE_EVENTS[] = {
    &STORE_RECEIVED,
    &STORE_ACCEPTED,
    &STORE_COOKING_STARTED,
    &STORE_COOKED,
    &STORE_REJECTED,
    &STORE_CANCEL_REFUSED,
    &STORE_CANCELED,
    &STORE_TICKET_CHANGED,
    &STORE_OPENED,
    &STORE_CLOSED,
    NULL,
};
/* clang-format on */
