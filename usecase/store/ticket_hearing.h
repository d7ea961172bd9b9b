/* ticket_hearing.h - what tickets learn from others: that an order is confirmed, that it is
 * canceled, that the courier has it. hear_fns, in the order of saying; self: struct shops. ST_OK |
 * ST_UNAVAILABLE ... */
#ifndef USECASE_STORE_TICKET_HEARING_H
#define USECASE_STORE_TICKET_HEARING_H

#include "tool/event/hearing.h"
#include "usecase/store/shops.h"

/** data: struct order_event. Makes its ticket, unless it was canceled before; a store that accepts
 * everything has accepted it. */
enum status ticket_hear_confirmed(void *self, struct transaction *tx, const struct call *call,
                                  const struct event *event, const void *data);
/** data: struct order_event. Closes its ticket, if there is one that is not at an end. */
enum status ticket_hear_canceled(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data);
/** data: struct delivery_event: the courier has it. Of one that is not ready nothing is changed. */
enum status ticket_hear_picked_up(void *self, struct transaction *tx, const struct call *call,
                                  const struct event *event, const void *data);

#endif
