/* order.h - every message of the order service, once. */
#ifndef PROTOCOL_ORDER_H
#define PROTOCOL_ORDER_H

#include "model/order_view.h"
#include "protocol/state_action.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"
#include "tool/encoder/page.h"

/* subject: request struct -> reply struct */

/* order.create: order_form -> order_accepted */
extern const struct operation ORDER_CREATE;
/* order.list: order_list -> order_page */
extern const struct operation ORDER_LIST;
/* order.get: order_query -> order_view */
extern const struct operation ORDER_GET;
/* order.history: order_query -> order_history_view */
extern const struct operation ORDER_HISTORY;
/* order.by_number: order_num_query -> order_view */
extern const struct operation ORDER_BY_NUMBER;
/* order.pay: order_pay_form -> order_paying */
extern const struct operation ORDER_PAY;
/* order.cancel: order_cancel_form -> order_canceling */
extern const struct operation ORDER_CANCEL;
/* order.hold.check: hold_question -> hold_answer */
extern const struct operation ORDER_HOLD_CHECK;
/* order.address: order_query -> order_address */
extern const struct operation ORDER_ADDRESS;
/* order.export: export_query -> export_page */
extern const struct operation ORDER_EXPORT;

/** Of struct order_line: what an order has up to 20 of, and an event of one, which names them. */
extern const struct descriptor ORDER_LINE, ORDER_LINE_NAMED;

/* event: order_event, all of them. Each raises the order's version by one, and each version has
 * one. */

extern const struct event_type ORDER_CREATED;
extern const struct event_type ORDER_CONFIRMED;
extern const struct event_type ORDER_PAYMENT_DEFERRED;
extern const struct event_type ORDER_REJECTED;
extern const struct event_type ORDER_CANCEL_ASKED;
extern const struct event_type ORDER_CANCELED;
extern const struct event_type ORDER_COMPLETED;
/* What has no name of its own: it is being paid, or is not any more; its payment has moved; it was
 * kept though somebody wanted it canceled. */
extern const struct event_type ORDER_CHANGED;
/* All of them, NULL-terminated. */
extern const struct event_type *const ORDER_EVENTS[];

#endif
