/* order.h - what the order service is made of: its settings, and its use cases once wired. */
#ifndef CMD_ORDER_ORDER_H
#define CMD_ORDER_ORDER_H

#include "tool/service/service.h"
#include "usecase/order/orders.h"

struct order_service {
    struct orders orders;
    struct sweeper unpaid; /* orders whose payBy is over */
};

extern const struct service ORDER_SERVICE;

#endif
