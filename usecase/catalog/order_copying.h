/* order_copying.h - the catalogue's own copy of orders: fed by what the order service says, read
 * while that service is down. self of all: struct catalog. */
#ifndef USECASE_CATALOG_ORDER_COPYING_H
#define USECASE_CATALOG_ORDER_COPYING_H

#include "tool/event/hearing.h"
#include "usecase/catalog/catalog.h"

/** data: struct order_event; keeps the order as it is since then, unless a later one is kept
 * already. What is held or sold for one that is canceled is free again. A hear_fn. ST_OK |
 * ST_UNPROCESSABLE lines_too_long | ST_UNAVAILABLE */
enum status order_copy_keep(void *self, struct transaction *tx, const struct call *call,
                            const struct event *event, const void *data);
/** in: struct order_copy_query, out: struct order_copy_view. ST_OK | ST_NOT_FOUND (also when it is
 * another's, and the caller has not the role admin) | ST_UNAVAILABLE */
enum status order_copy_read(void *self, const struct call *call, const void *in, void *out);

#endif
