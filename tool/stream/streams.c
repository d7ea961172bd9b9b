/* streams.c - see streams.h. */
#include "tool/stream/streams.h"

#include <string.h>

#include "tool/core/assert.h"

enum {
    /* What the barrier remembers by default (--message-retention-s): an event that is delivered
     * again after that would take effect again. */
    EVENTS_MAX_AGE_S = 7 * 24 * 60 * 60,
    /* Some million events of a few hundred bytes. */
    EVENTS_MAX_BYTES = 1 << 30,
    /* How late a relay may publish again what it did not see acknowledged: its own restart, a lease
     * that runs out, a database that is away. An id takes about 270 bytes of the server's memory so
     * long. */
    EVENTS_DUPLICATES_S = 10 * 60,
};

const struct stream_spec STREAMS[] = {
    {.name = STREAM_EVENTS,
     .description = "what has happened, as CloudEvents",
     .subject = "event.>",
     .max_age_s = EVENTS_MAX_AGE_S,
     .max_bytes = EVENTS_MAX_BYTES,
     .duplicates_s = EVENTS_DUPLICATES_S},
    {.name = NULL },
};

const struct stream_spec *stream_find(const char *name)
{
    const struct stream_spec *spec = STREAMS;

    while (spec->name && strcmp(spec->name, name) != 0)
        spec++;
    ASSERT(spec->name);
    return spec;
}
