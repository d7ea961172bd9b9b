/* outbox.h - what has happened, kept in the transaction that makes it happen (table outbox), so
 * that an event exists if and only if its change does. A relay feeds it to JetStream (relay.h).
 * Implemented by mysql/ and memory/. */
#ifndef TOOL_OUTBOX_OUTBOX_H
#define TOOL_OUTBOX_OUTBOX_H

#include "tool/core/transaction.h"
#include "tool/encoder/event_type.h"

enum { OUTBOX_SAGA_STATE_MAX = 16 };
#define OUTBOX_ALL ((UINT32_C(1) << EVENT_PARTITIONS) - 1) /* partitions are bits */

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

/* A row that the stream has acknowledged. */
struct outbox_sent {
    uint64_t seq, stream_seq;
    struct uuid id;
    unsigned partition;
};

struct outbox_lag {
    int64_t pending;   /* rows to be sent; more than OUTBOX_COUNT_MAX are not counted */
    int64_t oldest_ms; /* age of the oldest of them; 0 = none */
};

enum { OUTBOX_COUNT_MAX = 100000 };

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
    /** Rows still to be sent of these partitions (bits, not none), in the order of partition and
     * seq, max at most, each into what rows points to. What is seen is so at one moment: of two
     * events of one key never the later one alone. Until `sent` is told that it was seen it may go
     * with the database, as if it had never been. ST_OK | ST_UNAVAILABLE */
    enum status (*pending)(struct outbox *self, const struct call *call, uint32_t partitions,
                           size_t max, struct outbox_row *const rows[], size_t *n);
    /** These are in the stream, says holder; there may be none. Nothing is written of a partition
     * whose lease another has by now: he may have found lost what is meant. seen: of the rows that
     * `pending` gave last, or NULL; with ST_OK all of those stay, whatever dies. ST_OK |
     * ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*sent)(struct outbox *self, const struct call *call, struct uuid holder,
                        const struct outbox_sent rows[], size_t n, const struct outbox_row *seen);
    /** Of the rows of a partition that were sent as at_most at most the last one sent. ST_OK |
     * ST_NOT_FOUND | ST_UNAVAILABLE */
    enum status (*last_sent)(struct outbox *self, const struct call *call, unsigned partition,
                             uint64_t at_most, struct outbox_sent *out);
    /** Rows of a partition sent as more than `after` are to be sent again: those sent first first,
     * max at most, so that the last one sent changes last. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*send_again)(struct outbox *self, const struct call *call, unsigned partition,
                              uint64_t after, size_t max, size_t *n);
    /** ST_OK | ST_UNAVAILABLE */
    enum status (*lag)(struct outbox *self, const struct call *call, struct outbox_lag *out);
    /** Deletes up to max rows that were sent more than age_s ago. ST_OK | ST_UNAVAILABLE |
     * ST_UNCERTAIN */
    enum status (*purge)(struct outbox *self, const struct call *call, int64_t age_s, size_t max,
                         size_t *n);
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
