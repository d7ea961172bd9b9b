/* key_ring.h - the keys by which tokens are checked: asked for at start, every three seconds, so
 * that a withdrawn one is not believed for longer, and when a token names one that is not known; a
 * few times a second at most. */
#ifndef CMD_GATEWAY_KEY_RING_H
#define CMD_GATEWAY_KEY_RING_H

#include "cmd/gateway/shared_answers.h"
#include "cmd/gateway/trace_ids.h"
#include "middleware/authenticator.h"
#include "tool/core/loop.h"
#include "tool/message/client.h"
#include "tool/message/link.h"

/* Everything borrowed. */
struct key_ring_config {
    struct authenticator *authenticator; /* is given the keys */
    struct shared_answers *shared;       /* the keys among them: forgotten when they change */
    struct message_client *client;
    struct link *link;
    struct loop *loop;
    const struct clock *clock;
    const struct entropy *entropy;
    struct trace_ids *trace_ids;
};

/* Lives in who waits, zeroed at first. */
struct key_waiter {
    /** Once, after a fetch; not waiting any more, may wait again. fetched: keys came. */
    void (*settled)(struct key_waiter *self, bool fetched);
    struct key_waiter *next, **prev; /* private, as what follows */
    unsigned fetches;                /* begun when it came; 0 = it has not waited yet */
};

struct key_ring *key_ring_create(const struct key_ring_config *config);
/** Nobody waits any more. NULL is fine. */
void key_ring_destroy(struct key_ring *ring);
enum key_ring_verdict {
    KEY_RING_WAITS,       /* settled is called soon */
    KEY_RING_NO_SUCH_KEY, /* has been asked for since it came, or by others before */
    KEY_RING_FULL,        /* too many wait */
    KEY_RING_EMPTY,       /* no keys are known, and there is no hope of them now */
};

/** token: one whose key the authenticator does not know. */
enum key_ring_verdict key_ring_wait(struct key_ring *ring, const char *token,
                                    struct key_waiter *waiter);
/** Takes it off if it waits. */
void key_ring_leave(struct key_ring *ring, struct key_waiter *waiter);

#endif
