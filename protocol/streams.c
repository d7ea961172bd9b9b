/* streams.c - see streams.h. */
#include "protocol/streams.h"

#include <stddef.h>

enum { MINUTE_S = 60, DAY_S = 86400 };
static const int64_t GIB = 1024 * 1024 * 1024;

/* max_age: what the barrier remembers by default (--message-retention-s): an event that outlived
 * its handling being remembered would take effect again when it is delivered again. max_bytes: an
 * event is a few hundred bytes, so some million of them; the outbox, not this, is what keeps them
 * for good. duplicates: how late a relay may publish again what it did not see acknowledged: its
 * own restart, a lease that runs out, a database that is away. Ids are kept in the server's memory
 * so long. */
const struct stream_spec STREAMS[] = {
    {.name = STREAM_EVENTS,
     .description = "what has happened, as CloudEvents",
     .subject = "event.>",
     .max_age_s = 7 * DAY_S,
     .max_bytes = GIB,
     .duplicates_s = 10 * MINUTE_S},
    {.name = NULL },
};
