/* event_stream.h - server-sent events as text (WHATWG HTML, 9.2). Pure; any thread. */
#ifndef CMD_GATEWAY_EVENT_STREAM_H
#define CMD_GATEWAY_EVENT_STREAM_H

#include <stdbool.h>
#include <stddef.h>

/** "event: type", "id: version" and "data: ..." a line of data. type NULL = a message; etag NULL =
 * no id, else the version in its quotes is. To be freed with free(). */
char *event_stream_write(const char *type, const char *etag, const char *data, size_t len,
                         size_t *out_len);
/** Whether last, a Last-Event-ID, is the id of etag. */
bool event_stream_is_id(const char *last, const char *etag);

#endif
