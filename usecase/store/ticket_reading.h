/* ticket_reading.h - tickets as who has the store reads them, and as others are told them. */
#ifndef USECASE_STORE_TICKET_READING_H
#define USECASE_STORE_TICKET_READING_H

#include "usecase/store/shops.h"

/** in: struct ticket_list, out: struct ticket_page, the newest first. ST_OK | ST_FORBIDDEN |
 * ST_INVALID (the cursor) | ST_UNAVAILABLE */
enum status ticket_read_list(void *self, const struct call *call, const void *in, void *out);
/** in: struct ticket_query, out: struct ticket_view, for who has the store, and who ordered. ST_OK
 * | ST_FORBIDDEN | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status ticket_read(void *self, const struct call *call, const void *in, void *out);
/** For export, and for what is said: a struct ticket as struct ticket_event. Pure. */
void ticket_export(const void *row, void *data);

#endif
