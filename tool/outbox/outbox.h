/* outbox.h - what has happened, kept in the transaction that makes it happen (table outbox), so
 * that an event exists if and only if its change does. A relay feeds it to JetStream. Implemented
 * by mysql/ and memory/. */
#ifndef TOOL_OUTBOX_OUTBOX_H
#define TOOL_OUTBOX_OUTBOX_H

#include "tool/core/transaction.h"
#include "tool/encoder/event_type.h"

enum { OUTBOX_SAGA_STATE_MAX = 16 };

/* An event to be kept; texts borrowed. */
struct outbox_event {
    struct uuid id, key;
    unsigned partition;
    const char *type;
    const char *json;
};

/* As it stands in the table. */
struct outbox_row {
    uint64_t seq;   /* in the order of saying, for one key */
    struct uuid id; /* of the event */
    struct uuid key;
    struct uuid saga_id; /* nil = none */
    unsigned partition;
    int64_t created_us;
    char type[EVENT_NAME_MAX + 1];
    char saga_state[OUTBOX_SAGA_STATE_MAX + 1]; /* "" = not known */
    char traceparent[CALL_TRACEPARENT_MAX + 1]; /* "" = none */
    char json[EVENT_DATA_MAX + 1];
};

struct outbox {
    const struct outbox_ops *ops;
    const struct entropy *entropy; /* of ids */
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. */
struct outbox_ops {
    /** Adds a row in tx, to be sent, with the saga and the trace of the call. ST_OK |
     * ST_UNAVAILABLE */
    enum status (*append)(struct outbox *self, struct transaction *tx, const struct call *call,
                          const struct outbox_event *event);
    /** Rows still to be sent of these partitions (bit p: partition p; not none), in the order of
     * partition and seq, max at most. What is seen is so at one moment: of two events of one key
     * never the later one alone. ST_OK | ST_UNAVAILABLE */
    enum status (*pending)(struct outbox *self, const struct call *call, uint32_t partitions,
                           size_t max, struct outbox_row *rows, size_t *n);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct outbox *self);
};

/** Says that it has happened, if tx commits. data: a struct of type->data. Events of one key are
 * sent in the order of saying as long as each transaction holds, before it says one, the row that
 * the key belongs to. ST_OK | ST_UNAVAILABLE | ST_INTERNAL (the data is longer than EVENT_DATA_MAX:
 * a bug; logged) */
enum status event_say(struct outbox *outbox, struct transaction *tx, const struct call *call,
                      const struct event_type *type, const void *data);

static inline void outbox_destroy(struct outbox *outbox)
{
    if (outbox)
        outbox->ops->destroy(outbox);
}

#endif
