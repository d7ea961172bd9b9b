/* amounts.h - money that goes one way or the other, never more than there is: what is asked for is
 * counted on the payment's row, locked, in the transaction that writes the operation down. */
#ifndef USECASE_PAYMENT_AMOUNTS_H
#define USECASE_PAYMENT_AMOUNTS_H

#include "usecase/payment/payment_case.h"

/** in: struct refund_form, out: struct refund_made. ST_OK | ST_NOT_FOUND | ST_CONFLICT wrong_state,
 * refund_exceeds_captured (says what is left) | ST_UNPROCESSABLE currency_mismatch | ST_UNAVAILABLE
 */
enum status refund_create(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);
/** What comes after it: the provider is asked. ST_OK | ST_PENDING */
enum status refund_created(void *self, const struct call *call, const void *in, void *out,
                           bool again);

#endif
