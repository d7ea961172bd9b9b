/* payment_state.h - what may become of a payment: a table. */
#ifndef MODEL_PAYMENT_STATE_H
#define MODEL_PAYMENT_STATE_H

#include "tool/states/states.h"

/* name: exactly the text in the tables and on the wire */
#define PAYMENT_STATUS_LIST(X)                                                                     \
    X(PAYMENT_IS_REQUESTED, "REQUESTED")                                                           \
    X(PAYMENT_IS_AUTHORIZED, "AUTHORIZED")                                                         \
    X(PAYMENT_IS_CAPTURED, "CAPTURED")                                                             \
    X(PAYMENT_IS_PARTLY_REFUNDED, "PARTLY_REFUNDED")                                               \
    X(PAYMENT_IS_REFUNDED, "REFUNDED")                                                             \
    X(PAYMENT_IS_DECLINED, "DECLINED")                                                             \
    X(PAYMENT_IS_VOIDING, "VOIDING")                                                               \
    X(PAYMENT_IS_VOIDED, "VOIDED")                                                                 \
    X(PAYMENT_IS_CANCELING, "CANCELING")                                                           \
    X(PAYMENT_IS_ORDER_CANCELED, "ORDER_CANCELED")                                                 \
    X(PAYMENT_IS_EXPIRED, "EXPIRED")

enum payment_status {
#define X(name, text) name,
    PAYMENT_STATUS_LIST(X)
#undef X
};
extern const char *const PAYMENT_STATUS_NAMES[]; /* "REQUESTED" ..., NULL */

/* Who moves a payment: bits of the table's `who`. */
enum payment_who {
    PAYMENT_BY_SAGA = 1,     /* asks for it, and undoes it */
    PAYMENT_BY_PROVIDER = 2, /* what the provider has said */
    PAYMENT_BY_ORDER = 4,    /* that its store has accepted, or that is canceled */
    PAYMENT_BY_OPERATOR = 8, /* who gives money back: its store's owner, admin */
    PAYMENT_BY_CLOCK = 16,
};

/** Of a saga: authorize capture refund void; of an operator: refund; of its order: capture cancel;
 * of the clock: expire; the others are what the provider has done. */
extern const struct states PAYMENT_STATES;

#endif
