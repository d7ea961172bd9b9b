/* hearing.h - what deliveries follow from: tickets, and orders that are canceled. self of all:
 * struct deliveries. Each changes what it changes and says so once, however often it is heard. Who
 * cancels an order asks its store, and may be heard before what the store said earlier; what the
 * store says is heard in its order. So a cancellation is heard of both. All: ST_OK | ST_UNAVAILABLE
 */
#ifndef USECASE_DELIVERY_HEARING_H
#define USECASE_DELIVERY_HEARING_H

#include "tool/event/hearing.h"
#include "usecase/delivery/deliveries.h"

/** data: struct ticket_event: its store has accepted, it waits for a courier. A hear_fn. */
enum status delivery_wait(void *self, struct transaction *tx, const struct call *call,
                          const struct event *event, const void *data);
/** data: struct ticket_event: it is cooked, and can be picked up. A hear_fn. */
enum status delivery_be_ready(void *self, struct transaction *tx, const struct call *call,
                              const struct event *event, const void *data);
/** data: of whichever event has the order as its key: it is canceled, or its ticket is. Nobody
 * brings it, unless it is on its way already. A hear_fn. */
enum status delivery_cancel(void *self, struct transaction *tx, const struct call *call,
                            const struct event *event, const void *data);

#endif
