/* cancel.h - canceling an order: because somebody asks, or because nobody paid in time. */
#ifndef USECASE_ORDER_CANCEL_H
#define USECASE_ORDER_CANCEL_H

#include "model/order_view.h"
#include "usecase/order/orders.h"

/** in: struct order_cancel_form, out: struct order_canceling. Asked again it is the same saga.
 * ST_PENDING (durable) | ST_OK (canceled already) | ST_NOT_FOUND | ST_CONFLICT order_in_progress
 * (with Retry-After), too_late_to_cancel, wrong_state | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status order_cancel(void *self, const struct call *call, const void *in, void *out);
/** out: struct order_canceling as order_cancel filled it. Looks the order up. ST_OK (canceled) |
 * ST_PENDING (its store must consent: cancel_asked; or has not answered) | ST_CONFLICT
 * too_late_to_cancel | ST_UNAVAILABLE cancel_compensated */
enum status order_canceled(void *self, const struct call *call, const struct saga_view *end,
                           void *out);
/** In tx: cancels an order of which whoever has a say in it has said it, or has nothing to say:
 * both moves at once. order: its id, and the status it is in, locked. ST_OK | as order_move */
enum status order_cancel_at_once(const struct orders *orders, struct transaction *tx,
                                 const struct call *call, const struct order *order,
                                 enum order_actor actor, const char *reason);
/** Of a sweeper over orders that await their payment: that one's time is over. In tx, which has its
 * row locked. ST_OK | ST_CONFLICT | ST_UNAVAILABLE ... */
enum status order_expire(void *arg, struct transaction *tx, const struct call *call,
                         struct uuid id);

#endif
