/* admin_events.h - what operators do to a service's outbox and dead letters. self is the struct
 * process; a worker. */
#ifndef TOOL_SERVICE_ADMIN_EVENTS_H
#define TOOL_SERVICE_ADMIN_EVENTS_H

#include "tool/core/call.h"

/** nothing -> struct outbox_status. ST_OK | ST_UNAVAILABLE */
enum status admin_outbox_lag(void *self, const struct call *call, const void *in, void *out);
/** struct outbox_replay -> struct outbox_replayed: what was sent as more than `after` is pending
 * again, and sent once more; consumers do nothing twice. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status admin_outbox_replay(void *self, const struct call *call, const void *in, void *out);
/** struct dead_list_query -> struct dead_list. ST_OK | ST_UNAVAILABLE */
enum status admin_dead_list(void *self, const struct call *call, const void *in, void *out);
/** struct dead_query -> struct dead_letter. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status admin_dead_get(void *self, const struct call *call, const void *in, void *out);
/** struct dead_query -> struct dead_done. As hearer_replay; what the handler says is
 * ST_UNPROCESSABLE still_fails. */
enum status admin_dead_replay(void *self, const struct call *call, const void *in, void *out);
/** Likewise, as hearer_drop. */
enum status admin_dead_drop(void *self, const struct call *call, const void *in, void *out);

#endif
