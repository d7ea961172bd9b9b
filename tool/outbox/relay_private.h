/* relay_private.h - what the parts of a relay share: sending (relay.c), and looking whether the
 * stream has what it acknowledged (relay_check.c). */
#ifndef TOOL_OUTBOX_RELAY_PRIVATE_H
#define TOOL_OUTBOX_RELAY_PRIVATE_H

#include <stdatomic.h>

#include "tool/outbox/relay.h"

enum { RELAY_CALL_MS = 2000, RELAY_RETRY_MS = 250 };

struct relay {
    struct relay_config config;
    struct uuid self; /* as holder of leases */
    atomic_bool woken;

    /* Partitions as bits. */
    uint32_t held;
    uint32_t sound;    /* the stream has what it acknowledged of them */
    uint32_t more;     /* there are, or may be, rows beyond those on their way */
    uint32_t unmarked; /* of `sent` */
    unsigned flying[EVENT_PARTITIONS];
    unsigned holders;
    int64_t held_until_ms, hold_at_ms, heard_ms; /* by our own clock */

    uint64_t session; /* in which `sound` was found */
    int64_t check_at_ms, feed_at_ms, poll_at_ms, poll_ms;
    uint64_t top[EVENT_PARTITIONS]; /* the highest number acknowledged, as far as is known here */

    struct publication *publications;
    struct publication *free[RELAY_ROWS]; /* the one used last is used next: the others' memory is
                                             never touched when little is on its way */
    size_t n_free;
    struct outbox_sent sent[RELAY_ROWS]; /* acknowledged, to be marked */
    size_t n_sent;
    int64_t mark_at_ms; /* those, if more do not come before */

    atomic_uint_fast64_t n_acknowledged, n_failed, n_again;
    atomic_uint_fast32_t n_held;
};

/** A deadline for one call. */
struct call relay_call(const struct relay *relay);
/** Partitions of which nothing is on its way or unmarked. */
uint32_t relay_idle(const struct relay *relay);
/** Looks after the partitions that are held, idle and not sound; asks after all now and then. */
void relay_check(struct relay *relay);

#endif
