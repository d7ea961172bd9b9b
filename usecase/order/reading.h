/* reading.h - orders as people read them: each his own, an admin any. */
#ifndef USECASE_ORDER_READING_H
#define USECASE_ORDER_READING_H

#include "model/order_view.h"
#include "usecase/order/orders.h"

/** in: struct order_query, out: struct order_view. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status order_read(void *self, const struct call *call, const void *in, void *out);
/** in: struct order_num_query, out: struct order_view. As order_read. */
enum status order_read_by_number(void *self, const struct call *call, const void *in, void *out);
/** in: struct order_query, out: struct order_history_view. As order_read. */
enum status order_read_history(void *self, const struct call *call, const void *in, void *out);
/** in: struct order_list, out: struct order_page, the newest first. ST_OK | ST_FORBIDDEN
 * (another's) | ST_INVALID (the cursor) | ST_UNAVAILABLE */
enum status order_read_list(void *self, const struct call *call, const void *in, void *out);

#endif
