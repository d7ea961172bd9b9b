/* trail.h - what has happened to an account: noted as it is heard, and told. */
#ifndef USECASE_AUDIT_TRAIL_H
#define USECASE_AUDIT_TRAIL_H

#include "dataservice/audit/trail_store.h"
#include "tool/event/hearing.h"
#include "tool/page/cursor.h"

struct trail {
    struct store *entries; /* all borrowed */
    const struct cursor_key *cursors;
};

/** Notes an event of any type whose key is a user's id: once, by its time, and behind what the same
 * service has said of him before.
 * A hear_fn. ST_OK | ST_UNPROCESSABLE data_too_long | ST_UNAVAILABLE ... */
enum status trail_note(void *self, struct transaction *tx, const struct call *call,
                       const struct event *event, const void *data);
/** in: struct trail_query, out: struct trail_page, the oldest first; empty for an account that
 * nothing happened to. ST_OK | ST_INVALID (the cursor) | ST_UNAVAILABLE */
enum status trail_read(void *self, const struct call *call, const void *in, void *out);

#endif
