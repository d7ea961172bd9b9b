/* pay.h - paying an order that awaits it. */
#ifndef USECASE_ORDER_PAY_H
#define USECASE_ORDER_PAY_H

#include "model/order_view.h"
#include "usecase/order/orders.h"

/** in: struct order_pay_form, out: struct order_paying. ST_PENDING (durable; under a key that came
 * before: the same saga) | ST_OK (that came to a good end already) | ST_INVALID
 * idempotency_key_required | ST_NOT_FOUND | ST_CONFLICT wrong_state, payment_expired, in_progress |
 * ST_UNPROCESSABLE idempotency_key_reused | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status order_pay(void *self, const struct call *call, const void *in, void *out);
/** out: struct order_paying as order_pay filled it. Looks the order up. ST_OK (paid) | ST_CONFLICT
 * payment_declined | ST_UNAVAILABLE payment_compensated (not in time: it awaits its payment again)
 */
enum status order_paid(void *self, const struct call *call, const struct saga_view *end, void *out);

#endif
