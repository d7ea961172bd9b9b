/* relay_private.h - what the parts of a relay share: sending (relay.c), marking what was sent
 * (relay_mark.c), and looking whether the stream has what it acknowledged (relay_check.c). */
#ifndef TOOL_OUTBOX_RELAY_PRIVATE_H
#define TOOL_OUTBOX_RELAY_PRIVATE_H

#include <stdatomic.h>

#include "tool/outbox/relay.h"

enum { RELAY_CALL_MS = 2000, RELAY_RETRY_MS = 250 };

struct relay {
    struct relay_config config;
    struct uuid self; /* as holder of leases */
    atomic_bool woken, waits, gathers;

    /* Partitions as bits. */
    uint32_t held;
    uint32_t sound;                    /* the stream has what it acknowledged of them */
    uint32_t more;                     /* there are, or may be, rows beyond those on their way */
    uint32_t unmarked;                 /* of `sent` */
    unsigned tenure[EVENT_PARTITIONS]; /* how often it was let go */
    unsigned flying[EVENT_PARTITIONS];
    size_t n_flying; /* of all */
    unsigned holders;
    int64_t held_until_ms, hold_at_ms, heard_ms; /* by our own clock */

    uint64_t session; /* in which `sound` was found */
    int64_t check_at_ms, feed_at_ms, gather_at_ms, poll_at_ms, poll_ms;
    int64_t fed_ms, gap_us; /* the last time; on average between two events */
    /* The highest number acknowledged, as far as is known here: before what is on its way, and all
     * in all. */
    uint64_t top[EVENT_PARTITIONS], newest[EVENT_PARTITIONS];

    struct publication *publications;
    struct publication *free[RELAY_ROWS]; /* the one used last is used next: the others' memory is
                                             never touched when little is on its way */
    size_t n_free;
    struct outbox_sent sent[RELAY_ROWS]; /* acknowledged, to be marked */
    size_t n_sent;
    int64_t sent_ms;    /* when the first of those was */
    int64_t mark_at_ms; /* not before: it has failed */

    atomic_uint_fast64_t n_acknowledged, n_failed, n_again;
    atomic_uint_fast32_t n_held;
};

/** A deadline for one call. */
struct call relay_call(const struct relay *relay);
/** Partitions of which nothing is on its way. */
uint32_t relay_idle(const struct relay *relay);
/** Takes what the publisher knows by now; false: that was nothing. */
bool relay_collect(struct relay *relay);
/** These partitions are others' from now, or may have been: what was sent of them till now is never
 * marked by us, since a holder since then may have found it lost. */
void relay_disown(struct relay *relay, uint32_t partitions);
/** Whether so little is unmarked that it may stay so for a while. */
bool relay_is_light(const struct relay *relay);
bool relay_has_unmarked(const struct relay *relay, uint64_t seq);
/** When that is to be marked that the stream has; INT64_MAX = there is nothing. */
int64_t relay_mark_at_ms(const struct relay *relay);
void relay_mark_due(struct relay *relay);
/** Marks it; as outbox_ops.sent. */
enum status relay_mark(struct relay *relay, const struct outbox_row *seen);
/** Looks after the partitions that are held, idle and not sound; asks after all now and then. */
void relay_check(struct relay *relay);

#endif
