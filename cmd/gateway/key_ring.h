/* key_ring.h - the keys by which tokens are checked: asked for at start, every three seconds, so
 * that a withdrawn one is not believed for longer, and when a token names one that is not known; a
 * few times a second at most. */
#ifndef CMD_GATEWAY_KEY_RING_H
#define CMD_GATEWAY_KEY_RING_H

#include "cmd/gateway/key_waiters.h"
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

struct key_ring *key_ring_create(const struct key_ring_config *config);
/** Nobody waits any more. NULL is fine. */
void key_ring_destroy(struct key_ring *ring);
/** token: one whose key the authenticator does not know. */
enum key_ring_verdict key_ring_wait(struct key_ring *ring, const char *token,
                                    struct key_waiter *waiter);

#endif
