/* amounts.h - money that goes one way or the other, never more than there is: what is asked for is
 * counted on the payment's row, locked, in the transaction that writes the operation down. */
#ifndef USECASE_PAYMENT_AMOUNTS_H
#define USECASE_PAYMENT_AMOUNTS_H

#include "tool/event/hearing.h"
#include "usecase/payment/payment_case.h"

/** data: struct ticket_event, of an order that its store has accepted: what is held for it is
 * taken. A hear_fn. ST_OK (also when its order was canceled, or it is taken already) | ST_NOT_FOUND
 * (nobody pays for it) | ST_CONFLICT wrong_state (nothing is held any more) | ST_UNAVAILABLE */
enum status payment_accept(void *self, struct transaction *tx, const struct call *call,
                           const struct event *event, const void *data);
/** in: struct refund_form, out: struct refund_made. ST_OK | ST_NOT_FOUND (also when it is another
 * store's) | ST_FORBIDDEN (whose order it is) | ST_CONFLICT wrong_state, refund_exceeds_captured
 * (says what is left) | ST_UNPROCESSABLE currency_mismatch | ST_UNAVAILABLE */
enum status refund_create(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);
/** What comes after it: the provider is asked. ST_OK | ST_PENDING */
enum status refund_created(void *self, const struct call *call, const void *in, void *out,
                           bool again);

#endif
