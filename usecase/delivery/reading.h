/* reading.h - deliveries as people see them. self of both: struct deliveries. */
#ifndef USECASE_DELIVERY_READING_H
#define USECASE_DELIVERY_READING_H

#include "usecase/delivery/deliveries.h"

/** in: struct delivery_query, out: struct delivery_view: for who ordered, the store's owner, who
 * carries it, an admin, and while it waits every courier; with the address only for who carries it.
 * While that cannot be asked for it is left out, and the tag is 0. ST_OK | ST_NOT_FOUND (also when
 * it is another's) | ST_UNAVAILABLE */
enum status delivery_show(void *self, const struct call *call, const void *in, void *out);
/** in: struct delivery_list, out: struct delivery_page: those that wait, for everybody who may ask,
 * the oldest first; others one's own, for an admin all, the newest first.
 * ST_OK | ST_INVALID (the cursor) | ST_UNAVAILABLE */
enum status delivery_show_list(void *self, const struct call *call, const void *in, void *out);

#endif
