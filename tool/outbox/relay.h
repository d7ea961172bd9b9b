/* relay.h - feeds a stream from the outbox: of each partition one process sends what is pending, in
 * order, and marks it sent once the stream has acknowledged it; what the stream has lost since is
 * sent again. A state machine over interfaces that runs in turns: a thread of a service drives it
 * (tool/service/relaying.h), or a simulation.
 *
 * What holds, whatever dies and whenever:
 * - A row is sent until it is acknowledged, so at least once; the stream drops what it has had
 *   lately (Nats-Msg-Id), consumers drop the rest.
 * - Of one key one event is on its way at a time, so a refused one is not overtaken.
 * - What is read is on disk before it is sent. A commit does that, which also marks what the stream
 *   has acknowledged before; without one, that is marked a tenth of a second later.
 * - A partition is fed only after it is known that the stream still has the last row that it
 *   acknowledged: asked for on each new connection, for each partition newly held, and now and
 * then. If it has lost it, everything after what it still has is pending again before anything is
 * sent.
 */
#ifndef TOOL_OUTBOX_RELAY_H
#define TOOL_OUTBOX_RELAY_H

#include "tool/outbox/partition_lease.h"
#include "tool/outbox/publisher.h"

enum { RELAY_ROWS = 1024 };

struct relay;

/* Everything borrowed. */
struct relay_config {
    struct outbox *outbox;
    struct partition_lease *lease;
    struct publisher *publisher;
    const struct clock *clock;
    const struct entropy *entropy;
    size_t rows; /* on their way at once; 0 = RELAY_ROWS, which is also the most */
    /* Reading costs nothing, and what is read is on disk: nothing is gained by reading more at a
     * time, nor by marking with it. */
    bool on_disk;
};

/* Since the start, but for the first. */
struct relay_counts {
    uint32_t held;                /* partitions: bits */
    uint64_t sent, failed, again; /* acknowledged; not; found lost, to be sent again */
};

struct relay *relay_create(const struct relay_config *config);
/** Does what is to be done now; blocks for the calls of the interfaces, each with a deadline of its
 * own of two seconds at most. Returns after how many milliseconds it wants the next turn, unless it
 * is woken earlier or has waited for what the publisher has. One thread at a time, always the same.
 */
int64_t relay_turn(struct relay *relay);
/** Any thread: there may be rows. False: the turn that is wanted looks, for it comes soon. */
bool relay_wake(struct relay *relay);
/** Any thread: whether it is to be woken when the publisher has outcomes; else they have time until
 * the next turn. */
bool relay_waits(const struct relay *relay);
/** Between turns: gives the partitions back, for others to take at once. */
void relay_leave(struct relay *relay);
/** Any thread. */
struct relay_counts relay_counts(const struct relay *relay);
/** What is still on its way must have been collected, or the publisher be gone. NULL is fine. */
void relay_destroy(struct relay *relay);

#endif
