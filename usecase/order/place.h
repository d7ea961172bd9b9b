/* place.h - ordering something: from the form to a durable promise, and what became of it. */
#ifndef USECASE_ORDER_PLACE_H
#define USECASE_ORDER_PLACE_H

#include "model/order_view.h"
#include "usecase/order/orders.h"

/* self: struct orders. The functions below have the shape of every use case an endpoint row names.
 */

/** in: struct order_form, out: struct order_accepted. ST_OK (durable; under a key that came before:
 * the same order, as it is now) | ST_INVALID idempotency_key_required, or fields that say nothing
 * together | ST_UNPROCESSABLE currency_mismatch, idempotency_key_reused | ST_CONFLICT in_progress |
 * ST_UNAVAILABLE | ST_UNCERTAIN */
enum status order_place(void *self, const struct call *call, const void *in, void *out);
/** out: struct order_accepted as order_place filled it. Looks the order up. ST_OK (what it is now)
 * | what it was rejected for: ST_CONFLICT sold_out ..., ST_UNPROCESSABLE currency_mismatch,
 * ST_UNAVAILABLE order_compensated */
enum status order_placed(void *self, const struct call *call, const struct saga_view *end,
                         void *out);

#endif
