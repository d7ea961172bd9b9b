/* key_ring.h - the keys by which tokens are checked: asked for at start, now and then, and when a
 * token names one that is not known; at most once a second. */
#ifndef CMD_GATEWAY_KEY_RING_H
#define CMD_GATEWAY_KEY_RING_H

#include "cmd/gateway/trace_ids.h"
#include "middleware/authenticator.h"
#include "tool/core/loop.h"
#include "tool/message/client.h"
#include "tool/message/link.h"

/* Everything borrowed. */
struct key_ring_config {
    struct authenticator *authenticator; /* is given the keys */
    struct message_client *client;
    struct link *link;
    struct loop *loop;
    const struct clock *clock;
    struct trace_ids *trace_ids;
};

/* Lives in who waits, zeroed at first. */
struct key_waiter {
    /** Once, after the next fetch; not waiting any more, may wait again. fetched: keys came. */
    void (*settled)(struct key_waiter *self, bool fetched);
    struct key_waiter *next, **prev; /* private */
};

struct key_ring *key_ring_create(const struct key_ring_config *config);
/** Nobody waits any more. NULL is fine. */
void key_ring_destroy(struct key_ring *ring);
/** settled is called soon. False when there is no room, or no hope of keys now. */
bool key_ring_wait(struct key_ring *ring, struct key_waiter *waiter);
/** Takes it off if it waits. */
void key_ring_leave(struct key_ring *ring, struct key_waiter *waiter);

#endif
