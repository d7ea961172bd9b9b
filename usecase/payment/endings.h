/* endings.h - payments that end without anybody asking for it: their order was canceled, or their
 * time is over. */
#ifndef USECASE_PAYMENT_ENDINGS_H
#define USECASE_PAYMENT_ENDINGS_H

#include "tool/event/hearing.h"
#include "usecase/payment/payment_case.h"

/** data: struct order_event, of an order that was canceled: what is held for it is voided, what was
 * taken is given back, and once nothing is left it is ORDER_CANCELED; so is it at once where there
 * is no payment, and none will be. A hear_fn. ST_OK | ST_UNAVAILABLE ... */
enum status payment_cancel(void *self, struct transaction *tx, const struct call *call,
                           const struct event *event, const void *data);
/** A sweeper's act; arg: struct payment_case, id: of a payment whose authorization has come to its
 * end. ST_OK | ST_STALE (money is being taken) | ST_UNAVAILABLE */
enum status payment_expire(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid id);

#endif
