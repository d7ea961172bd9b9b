/* authorize.h - what sagas ask of payments: to hold the money of an order, to take it, to give it
 * back, and to undo that. */
#ifndef USECASE_PAYMENT_AUTHORIZE_H
#define USECASE_PAYMENT_AUTHORIZE_H

#include "usecase/payment/payment_case.h"

/** in: struct payment_authorization, out: struct payment_authorized. Writes down what is to be
 * asked. ST_OK | ST_PENDING (what was before is being undone) | ST_CONFLICT wrong_state |
 * ST_UNPROCESSABLE amount_mismatch | ST_UNAVAILABLE */
enum status payment_authorize(void *self, struct transaction *tx, const struct call *call,
                              const void *in, void *out);
/** What comes after it: the provider is asked. ST_OK | ST_PENDING | ST_CONFLICT payment_declined,
 * wrong_state | ST_UNAVAILABLE provider_unavailable (it never was asked), unavailable ... */
enum status payment_authorized(void *self, const struct call *call, const void *in, void *out,
                               bool again);
/** in: struct payment_order. Undoes payment_authorize of the same saga. ST_OK | ST_UNAVAILABLE */
enum status payment_void(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** Its reply: in: struct payment_order, out: struct payment_moved. ST_OK | ST_UNAVAILABLE */
enum status payment_voided(void *self, const struct call *call, const void *in, void *out);
/** in: struct payment_amount, out: struct payment_moved. ST_OK | ST_NOT_FOUND | ST_CONFLICT
 * wrong_state, capture_exceeds_authorized | ST_UNAVAILABLE */
enum status payment_capture(void *self, struct transaction *tx, const struct call *call,
                            const void *in, void *out);
/** The same; ST_CONFLICT wrong_state, refund_exceeds_captured. */
enum status payment_refund(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out);

#endif
