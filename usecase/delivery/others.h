/* others.h - what deliveries ask of other services. */
#ifndef USECASE_DELIVERY_OTHERS_H
#define USECASE_DELIVERY_OTHERS_H

#include "protocol/order.h"
#include "tool/remote/remote.h"

/** Where an order goes. ST_OK | ST_NOT_FOUND (it is forgotten) | ST_UNAVAILABLE ... */
REMOTE(ask_order_address, ORDER_ADDRESS, struct order_query, struct order_address);

#endif
