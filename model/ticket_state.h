/* ticket_state.h - what may become of a ticket: a table. */
#ifndef MODEL_TICKET_STATE_H
#define MODEL_TICKET_STATE_H

#include "tool/states/states.h"

enum { TICKET_STATUS_MAX = 15 };

/* name: exactly the text in the tables and on the wire */
#define TICKET_STATUS_LIST(X)                                                                      \
    X(TICKET_RECEIVED, "RECEIVED")                                                                 \
    X(TICKET_ACCEPTED, "ACCEPTED")                                                                 \
    X(TICKET_COOKING, "COOKING")                                                                   \
    X(TICKET_READY, "READY")                                                                       \
    X(TICKET_PICKED_UP, "PICKED_UP")                                                               \
    X(TICKET_REJECTED, "REJECTED")                                                                 \
    X(TICKET_CANCELED, "CANCELED")

enum ticket_status {
#define X(name, text) name,
    TICKET_STATUS_LIST(X)
#undef X
};
extern const char *const TICKET_STATUS_NAMES[]; /* "RECEIVED" ..., NULL */

/* Who moves a ticket: bits of the table's `who`. */
enum ticket_who {
    TICKET_BY_STORE = 1,    /* its owner, or the role admin in his place */
    TICKET_BY_CUSTOMER = 2, /* who wants his order canceled, by the order's saga */
    TICKET_BY_TIMER = 4,
    TICKET_BY_EVENT = 8, /* of another service: the order is canceled, the courier has it */
};

/** Of the store: accept reject cook ready, and approve refuse a cancellation that is asked for; of
 * the customer: cancel ask; of the timer: reject approve refuse; of events: cancel pick_up. */
extern const struct states TICKET_STATES;

#endif
