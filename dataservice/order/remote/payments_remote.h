/* payments_remote.h - the payment service, asked over NATS. */
#ifndef DATASERVICE_ORDER_REMOTE_PAYMENTS_REMOTE_H
#define DATASERVICE_ORDER_REMOTE_PAYMENTS_REMOTE_H

#include "dataservice/order/payments.h"

struct proxy;

/** proxy: borrowed. */
struct payments *payments_remote_create(struct proxy *proxy);

#endif
