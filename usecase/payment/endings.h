/* endings.h - payments that end without anybody asking for it: their order was canceled, or their
 * time is over. */
#ifndef USECASE_PAYMENT_ENDINGS_H
#define USECASE_PAYMENT_ENDINGS_H

#include "usecase/payment/payment_case.h"

/* An order that was canceled. */
struct payment_canceling {
    struct uuid order_id, user_id, store_id;
    struct money total;
};

/** In tx: what is held for the order is voided, what was taken is given back, and once nothing is
 * left it is ORDER_CANCELED; so is it at once where there is no payment, and none will be. ST_OK |
 * ST_UNAVAILABLE ... */
enum status payment_cancel(struct payment_case *p, struct transaction *tx, const struct call *call,
                           const struct payment_canceling *order);
/** A sweeper's act; arg: struct payment_case, id: of a payment whose authorization has come to its
 * end. ST_OK | ST_STALE (money is being taken) | ST_UNAVAILABLE */
enum status payment_expire(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid id);

#endif
