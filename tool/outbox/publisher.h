/* publisher.h - what a relay wants of a stream: publish many at once, hear what became of each, ask
 * what it has. Implemented by tool/stream (JetStream); a simulation has its own. */
#ifndef TOOL_OUTBOX_PUBLISHER_H
#define TOOL_OUTBOX_PUBLISHER_H

#include "tool/outbox/outbox.h"

/* A row on its way. */
struct publication {
    struct outbox_row row;
    struct publication *next; /* the publisher's as long as it has it */
    unsigned tenure;          /* the relay's */
    /* ST_OK (it is in the stream for good) | ST_NOT_FOUND (no stream takes it) | ST_UNAVAILABLE
     * (refused for now, or the connection was lost) | ST_TIMEOUT (no word): the last two may be in
     * the stream all the same */
    enum status st;
    uint64_t stream_seq; /* ST_OK */
    bool duplicate;      /* ST_OK: the stream had it already, as stream_seq */
};

struct publisher {
    const struct publisher_ops *ops;
};

/* Called by one thread, the relay's. Ops that take a call block until its deadline at most. */
struct publisher_ops {
    /** Which connection there is: another number after each loss; 0 = none now. */
    uint64_t (*session)(struct publisher *self);
    /** Takes over a list, to be published in its order on that connection; what it cannot carry any
     * more comes back ST_UNAVAILABLE: on the next one the stream may be another. */
    void (*send)(struct publisher *self, struct publication *list, uint64_t session);
    /** Gives back those of which the outcome is known, in any order; NULL = none. Each comes back
     * once, some seconds later at most. */
    struct publication *(*collect)(struct publisher *self);
    /** The first and last numbers the stream has; last + 1 and last when it is empty. ST_OK |
     * ST_NOT_FOUND (there is no such stream) | ST_UNAVAILABLE | ST_TIMEOUT */
    enum status (*span)(struct publisher *self, const struct call *call, uint64_t *first,
                        uint64_t *last);
    /** The id of the event that it has as stream_seq. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE |
     * ST_TIMEOUT */
    enum status (*id_at)(struct publisher *self, const struct call *call, uint64_t stream_seq,
                         struct uuid *id);
    /** Makes the stream, which is not there. ST_OK | ST_UNAVAILABLE | any other: it cannot; logged
     */
    enum status (*create)(struct publisher *self, const struct call *call);
};

#endif
