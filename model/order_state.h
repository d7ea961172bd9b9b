/* order_state.h - what may become of an order: a table. */
#ifndef MODEL_ORDER_STATE_H
#define MODEL_ORDER_STATE_H

#include "tool/states/states.h"

enum { ORDER_STATUS_MAX = 23, ORDER_PAYMENT_MAX = 23 };

/* name: exactly the text in the tables and on the wire */
#define ORDER_STATUS_LIST(X)                                                                       \
    X(ORDER_STATUS_PENDING, "PENDING")                                                             \
    X(ORDER_STATUS_AWAITING_PAYMENT, "AWAITING_PAYMENT")                                           \
    X(ORDER_STATUS_PAYING, "PAYING")                                                               \
    X(ORDER_STATUS_CONFIRMED, "CONFIRMED")                                                         \
    X(ORDER_STATUS_CANCEL_PENDING, "CANCEL_PENDING")                                               \
    X(ORDER_STATUS_REJECTED, "REJECTED")                                                           \
    X(ORDER_STATUS_CANCELED, "CANCELED")                                                           \
    X(ORDER_STATUS_COMPLETED, "COMPLETED")

enum order_status {
#define X(name, text) name,
    ORDER_STATUS_LIST(X)
#undef X
};
extern const char *const ORDER_STATUS_NAMES[]; /* "PENDING" ..., NULL */

/* Who moves an order: bits of the table's `who`. */
enum order_who {
    ORDER_BY_CUSTOMER = 1,
    ORDER_BY_ADMIN = 2,
    ORDER_BY_SAGA = 4,
    ORDER_BY_TIMER = 8,
    ORDER_BY_EVENT = 16, /* of another service: its store, its courier, its payment */
};
/* The same as history tells it. */
enum order_actor {
    ORDER_ACTOR_CUSTOMER,
    ORDER_ACTOR_ADMIN,
    ORDER_ACTOR_SAGA,
    ORDER_ACTOR_TIMER,
    ORDER_ACTOR_EVENT,
};
extern const char *const ORDER_ACTOR_NAMES[]; /* "customer" "admin" "saga" "timer" "event", NULL */

/** confirm defer reject (place), pay confirm back (pay), cancel done keep keep_unpaid (cancel),
 * complete. */
extern const struct states ORDER_STATES;

/* What its store or its courier has said while a cancellation was under way: whoever ends that goes
 * by it. */
enum order_heard {
    ORDER_HEARD_NOTHING,
    ORDER_HEARD_KEPT,      /* the store will not have it canceled */
    ORDER_HEARD_DROPPED,   /* there is no ticket any more */
    ORDER_HEARD_DELIVERED, /* it is with whoever ordered */
};
extern const char *const ORDER_HEARD_NAMES[]; /* "NOTHING" ..., NULL */

/** Whether nothing becomes of it any more. */
bool order_has_ended(int status);

#endif
