/* forgetting.h - what orders forget of who has given up his account: where they went. */
#ifndef USECASE_ORDER_FORGETTING_H
#define USECASE_ORDER_FORGETTING_H

#include "tool/event/hearing.h"
#include "usecase/order/orders.h"

/** data: struct account_event: the addresses of his orders that are over go with the next run of
 * order_forget_addresses, those of the others as soon as they are over. A hear_fn. ST_OK |
 * ST_UNAVAILABLE ... */
enum status order_forget_person(void *self, struct transaction *tx, const struct call *call,
                                const struct event *event, const void *data);

#endif
