/* delivery_state.h - what may become of a delivery: a table. */
#ifndef MODEL_DELIVERY_STATE_H
#define MODEL_DELIVERY_STATE_H

#include "tool/states/states.h"

enum { DELIVERY_STATUS_MAX = 15 };

/* name: exactly the text in the tables and on the wire */
#define DELIVERY_STATUS_LIST(X)                                                                    \
    X(DELIVERY_IS_WAITING, "WAITING")                                                              \
    X(DELIVERY_IS_STARTED, "STARTED")                                                              \
    X(DELIVERY_IS_PICKED_UP, "PICKED_UP")                                                          \
    X(DELIVERY_IS_DELIVERED, "DELIVERED")                                                          \
    X(DELIVERY_IS_CANCELED, "CANCELED")

enum delivery_status {
#define X(name, text) name,
    DELIVERY_STATUS_LIST(X)
#undef X
};
extern const char *const DELIVERY_STATUS_NAMES[]; /* "WAITING" ..., NULL */

/* Who moves a delivery: bits of the table's `who`. */
enum delivery_who {
    DELIVERY_BY_COURIER = 1, /* any of them */
    DELIVERY_BY_CARRIER = 2, /* the one who has it */
    DELIVERY_BY_ORDER = 4,
    DELIVERY_BY_TIMER = 8,     /* whoever has it does not come for it */
    DELIVERY_BY_OPERATOR = 16, /* nobody brings it */
};

/** start (a courier), pickup complete (the one who has it, or an operator), give_back (he, or the
 * timer), cancel (its order). */
extern const struct states DELIVERY_STATES;

#endif
