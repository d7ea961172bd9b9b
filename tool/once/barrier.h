/* barrier.h - the idempotent consumer (table processed_message): a message is noted first, in the
 * transaction of its effect, together with its outcome; the same message again gets that outcome.
 * A compensation that comes first leaves its outcome as a tombstone. */
#ifndef TOOL_ONCE_BARRIER_H
#define TOOL_ONCE_BARRIER_H

#include "tool/core/call.h"
#include "tool/core/transaction.h"

enum {
    BARRIER_CONSUMER_MAX = 63,
    BARRIER_KEY_MAX = 64,
    BARRIER_OUTCOME_MAX = 4095,
    BARRIER_ALL_MAX = 16
};

/* Texts are borrowed. */
struct barrier_note {
    const char *key, *outcome;
};

struct barrier {
    const struct barrier_ops *ops;
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. consumer names
 * the effect ("user.registry"), key the message (a saga id, a hash of an idempotency key). */
struct barrier_ops {
    /** Notes the message in tx. ST_OK: first time, its outcome is outcome_if_first until record()
     * changes it. ST_CONFLICT: seen before; *seen is its recorded outcome. Either way
     * the row is locked until tx ends, so a second delivery waits. ST_UNAVAILABLE */
    enum status (*enter)(struct barrier *self, struct transaction *tx, const struct call *call,
                         const char *consumer, const char *key, const char *outcome_if_first,
                         char seen[BARRIER_OUTCOME_MAX + 1]);
    /** Notes n messages, BARRIER_ALL_MAX at most, each with its outcome. ST_OK: all for the first
     * time. ST_CONFLICT: one of them, or more, was seen before; what tx has written is of no use.
     * ST_UNAVAILABLE */
    enum status (*enter_all)(struct barrier *self, struct transaction *tx, const struct call *call,
                             const char *consumer, const struct barrier_note notes[], size_t n);
    /** Changes the outcome of an entered message. ST_OK | ST_UNAVAILABLE */
    enum status (*record)(struct barrier *self, struct transaction *tx, const struct call *call,
                          const char *consumer, const char *key, const char *outcome);
    /** Looks without noting. What is found stays, whatever dies: it may be told.
     * ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
    enum status (*find)(struct barrier *self, const struct call *call, const char *consumer,
                        const char *key, char outcome[BARRIER_OUTCOME_MAX + 1]);
    /** Deletes the note of a message if its outcome is this one: who brings it again is the first.
     * ST_OK also where there is none | ST_UNAVAILABLE */
    enum status (*forget)(struct barrier *self, const struct call *call, const char *consumer,
                          const char *key, const char *outcome);
    /** Deletes up to max rows noted more than age_s ago. ST_OK | ST_UNAVAILABLE */
    enum status (*purge)(struct barrier *self, const struct call *call, int64_t age_s, size_t max,
                         size_t *n);
    void (*destroy)(struct barrier *self);
};

#endif
