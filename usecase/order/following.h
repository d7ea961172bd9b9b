/* following.h - an order follows what its store and its courier say of it. While it is being
 * canceled it keeps what it hears: only the answer of its store tells which way that goes, and
 * whoever takes that answer goes by what was heard meanwhile. All hear_fns; self: struct orders. */
#ifndef USECASE_ORDER_FOLLOWING_H
#define USECASE_ORDER_FOLLOWING_H

#include "tool/event/hearing.h"
#include "usecase/order/orders.h"

/** data: struct ticket_event, of a ticket that is not cooked any more: its store has rejected it,
 * or consented to cancel it. ST_OK | ST_UNAVAILABLE ... */
enum status order_ticket_dropped(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data);
/** data: struct ticket_event, of one that its store will not have canceled. As above. */
enum status order_ticket_kept(void *self, struct transaction *tx, const struct call *call,
                              const struct event *event, const void *data);
/** data: struct delivery_event, of an order that has arrived. ST_OK | ST_CONFLICT wrong_state (it
 * was canceled, and is a case for people) | ST_UNAVAILABLE ... */
enum status order_delivered(void *self, struct transaction *tx, const struct call *call,
                            const struct event *event, const void *data);
/** In tx: it has arrived, whoever says so. ST_OK | as order_move */
enum status order_complete(const struct orders *orders, struct transaction *tx,
                           const struct call *call, struct uuid id);

#endif
