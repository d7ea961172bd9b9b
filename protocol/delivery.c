/* delivery.c - how deliveries are found, carried and told of; see delivery.h. */
#include "protocol/delivery.h"

#include "protocol/order_common.h"
#include "tool/event/export.h"

static const struct field QUERY_FIELDS[] = {
    FIELD(struct delivery_query, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Of which order."),
};

static const struct descriptor QUERY =
    DESCRIPTOR(struct delivery_query, "DeliveryQuery", QUERY_FIELDS, "One by its order.");

static const struct field SUMMARY_FIELDS[] = {
    FIELD(struct delivery_summary, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The order that is brought."),
    FIELD(struct delivery_summary, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Where it is picked up."),
    FIELD(struct delivery_summary, courier_id, "courierId", FIELD_UUID, 0, .doc = "Who has it."),
    FIELD(struct delivery_summary, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = DELIVERY_STATUS_NAMES, .doc = "How far it is."),
    FIELD(struct delivery_summary, ready, "ready", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "Whether it can be picked up: it is cooked."),
    FIELD_ACTIONS(struct delivery_summary),
    FIELD(struct delivery_summary, started_us, "startedAt", FIELD_TIME, 0,
          .doc = "When its courier took it."),
    FIELD(struct delivery_summary, pickup_by_us, "pickupBy", FIELD_TIME, 0,
          .doc = "Until when its courier is to pick up what is ready; then it waits for another."),
    FIELD(struct delivery_summary, picked_up_us, "pickedUpAt", FIELD_TIME, 0,
          .doc = "When it left its store."),
    FIELD(struct delivery_summary, delivered_us, "deliveredAt", FIELD_TIME, 0,
          .doc = "When it was at the door."),
    FIELD(struct delivery_summary, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When its store accepted the order."),
    FIELD(struct delivery_summary, updated_us, "updatedAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it changed last."),
    FIELD(struct delivery_summary, version, "version", FIELD_INT, FIELD_REQUIRED,
          .doc = "1, then one more with each change; the ETag."),
};

static const struct descriptor SUMMARY =
    DESCRIPTOR(struct delivery_summary, "DeliverySummary", SUMMARY_FIELDS,
               "The way of an order from its store to the door.");

static const struct field VIEW_FIELDS[] = {
    FIELD(struct delivery_view, delivery, "", FIELD_INLINE, 0, .item = &SUMMARY),
    FIELD(struct delivery_view, deliver_to, "deliverTo", FIELD_OBJECT, 0, .item = &ORDER_ADDRESSEE,
          .doc = "Where to: told to who carries it, until an hour after it was delivered."),
};

static const struct descriptor VIEW =
    DESCRIPTOR(struct delivery_view, "Delivery", VIEW_FIELDS,
               "A delivery; for who carries it, with the address.");

/* clang-format off */
static const struct operation_error GET_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no such delivery, or it is another's."},
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation DELIVERY_GET = {
    .subject = "delivery.get",
    .summary = "Read the delivery of an order",
    .request = &QUERY,
    .reply = &VIEW,
    .idempotent = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = GET_ERRORS,
};

static const struct field LIST_FIELDS[] = {
    FIELD(struct delivery_list, status, "status", FIELD_ENUM, FIELD_IN_QUERY,
          .names = DELIVERY_STATUS_NAMES,
          .doc = "WAITING: jobs that nobody has yet. Any other, or none: your own."),
    FIELD(struct delivery_list, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
};

static const struct descriptor LIST =
    DESCRIPTOR(struct delivery_list, "DeliveryList", LIST_FIELDS, "Which deliveries.",
               .given = offsetof(struct delivery_list, given));

static const struct descriptor PAGE =
    PAGE_OF(struct delivery_page, "DeliveryPage", &SUMMARY,
            "Deliveries: of those that wait the oldest first, else the newest.");

/* clang-format off */
#define ERROR_ROLE {ST_FORBIDDEN, "forbidden", "You have not the role courier."}

static const struct operation_error LIST_ERRORS[] = {
    ERROR_ROLE,
    PAGE_ERROR,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation DELIVERY_LIST = {
    .subject = "delivery.list",
    .summary = "List deliveries that wait for a courier, or one's own",
    .request = &LIST,
    .reply = &PAGE,
    .idempotent = true,
    .access = {.kind = ACCESS_ROLE, .roles = "courier admin"},
    .errors = LIST_ERRORS,
};

/* clang-format off */
#define ERRORS_OF_MOVES                                                                            \
    {ST_NOT_FOUND, "not_found", "There is no such delivery."},                                     \
    ERROR_ROLE,                                                                                    \
    {ST_CONFLICT, "taken", "Another courier has it."},                                             \
    STATES_ERROR

static const struct operation_error MOVE_ERRORS[] = {
    ERRORS_OF_MOVES,
    {ST_OK, NULL, NULL},
};
static const struct operation_error PICKUP_ERRORS[] = {
    ERRORS_OF_MOVES,
    {ST_CONFLICT, "not_ready", "It is not cooked yet."},
    {ST_OK, NULL, NULL},
};

#define COURIER_OPERATION(subject_, summary_, errors_)                                             \
    {                                                                                              \
        .subject = (subject_), .summary = (summary_), .request = &QUERY, .reply = &SUMMARY,        \
        .idempotent = true, .access = {.kind = ACCESS_ROLE, .roles = "courier"},                   \
        .errors = (errors_),                                                                       \
    }
/* clang-format on */

const struct operation DELIVERY_START =
    COURIER_OPERATION("delivery.start", "Take a delivery that waits", MOVE_ERRORS);
const struct operation DELIVERY_PICKUP =
    COURIER_OPERATION("delivery.pickup", "Say that it was picked up at its store", PICKUP_ERRORS);
const struct operation DELIVERY_COMPLETE =
    COURIER_OPERATION("delivery.complete", "Say that it is at the door", MOVE_ERRORS);
const struct operation DELIVERY_GIVE_BACK =
    COURIER_OPERATION("delivery.give_back", "Give it back, for another courier", MOVE_ERRORS);

/* clang-format off */
static const struct operation_error END_ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "There is no such delivery."},
    {ST_FORBIDDEN, "forbidden", "You have not the role operator."},
    {ST_CONFLICT, "not_ready", "It is not cooked yet."},
    STATES_ERROR,
    {ST_OK, NULL, NULL},
};
/* clang-format on */

const struct operation DELIVERY_END = {
    .subject = "delivery.end",
    .summary = "End a delivery that nobody brings: its order is completed",
    .request = &QUERY,
    .reply = &SUMMARY,
    .idempotent = true,
    .access = {.kind = ACCESS_ROLE, .roles = "operator"},
    .errors = END_ERRORS,
};

const struct operation DELIVERY_EXPORT = EXPORT_OPERATION("delivery.export");

static const struct field EVENT_FIELDS[] = {
    FIELD(struct delivery_event, order_id, "orderId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Of which order."),
    FIELD(struct delivery_event, store_id, "storeId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Of which store."),
    FIELD(struct delivery_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Who ordered."),
    FIELD(struct delivery_event, status, "status", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "How far it is: WAITING, STARTED, PICKED_UP, DELIVERED, CANCELED."),
    FIELD(struct delivery_event, courier_id, "courierId", FIELD_UUID, 0, .doc = "Who has it."),
    FIELD(struct delivery_event, ready, "ready", FIELD_BOOL, FIELD_REQUIRED,
          .doc = "Whether it can be picked up."),
    FIELD(struct delivery_event, started_us, "startedAt", FIELD_TIME, 0,
          .doc = "When its courier took it."),
    FIELD(struct delivery_event, pickup_by_us, "pickupBy", FIELD_TIME, 0,
          .doc = "Until when its courier is to pick up what is ready."),
    FIELD(struct delivery_event, picked_up_us, "pickedUpAt", FIELD_TIME, 0,
          .doc = "When it left its store."),
    FIELD(struct delivery_event, delivered_us, "deliveredAt", FIELD_TIME, 0,
          .doc = "When it was at the door."),
    FIELD(struct delivery_event, version, "version", FIELD_INT, FIELD_REQUIRED,
          .doc = "1, then one more with each event."),
    FIELD(struct delivery_event, at_us, "at", FIELD_TIME, FIELD_REQUIRED,
          .doc = "Since when it is so."),
};

static const struct descriptor EVENT = DESCRIPTOR(struct delivery_event, "DeliveryEvent",
                                                  EVENT_FIELDS, "A delivery, as it is since then.");

#define DELIVERY_EVENT_TYPE(name_, summary_)                                                       \
    {                                                                                              \
        .name = (name_), .summary = (summary_), .data = &EVENT,                                    \
        .key = offsetof(struct delivery_event, order_id)                                           \
    }

const struct event_type DELIVERY_WAITING =
    DELIVERY_EVENT_TYPE("delivery.waiting", "An order is to be brought; nobody has it yet");
const struct event_type DELIVERY_STARTED =
    DELIVERY_EVENT_TYPE("delivery.started", "A courier is on the way to its store");
const struct event_type DELIVERY_PICKED_UP =
    DELIVERY_EVENT_TYPE("delivery.picked_up", "It has left its store");
const struct event_type DELIVERY_DELIVERED =
    DELIVERY_EVENT_TYPE("delivery.delivered", "It is at the door");
const struct event_type DELIVERY_CANCELED =
    DELIVERY_EVENT_TYPE("delivery.canceled", "Its order was canceled: nobody brings it");
const struct event_type DELIVERY_CHANGED =
    DELIVERY_EVENT_TYPE("delivery.changed", "It moved in a way that has no event of its own");

/* clang-format off */
const struct event_type *const DELIVERY_EVENTS[] = {
    &DELIVERY_WAITING,
    &DELIVERY_STARTED,
    &DELIVERY_PICKED_UP,
    &DELIVERY_DELIVERED,
    &DELIVERY_CANCELED,
    &DELIVERY_CHANGED,
    NULL,
};
/* clang-format on */
