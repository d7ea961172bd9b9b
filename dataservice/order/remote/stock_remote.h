/* stock_remote.h - the catalog's stock, asked over NATS. */
#ifndef DATASERVICE_ORDER_REMOTE_STOCK_REMOTE_H
#define DATASERVICE_ORDER_REMOTE_STOCK_REMOTE_H

#include "dataservice/order/stock.h"

struct proxy;

/** proxy: borrowed. */
struct stock *stock_remote_create(struct proxy *proxy);

#endif
