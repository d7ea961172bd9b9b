/* order_common.h - rows that several messages of the order service have. Private to protocol. */
#ifndef PROTOCOL_ORDER_COMMON_H
#define PROTOCOL_ORDER_COMMON_H

#include "protocol/order.h"

/** Of struct order_query: one by its id, from the URL's path. */
extern const struct descriptor ORDER_QUERY;
/** Of struct order_address. */
extern const struct descriptor ORDER_ADDRESSEE;
/** Of struct order_method. */
extern const struct descriptor ORDER_METHOD;

#endif
