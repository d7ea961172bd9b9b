/* caller.h - who asks, by the access token that a request shows; waits for its key where that is
 * not known yet. Loop thread only. */
#ifndef CMD_GATEWAY_CALLER_H
#define CMD_GATEWAY_CALLER_H

#include "cmd/gateway/key_ring.h"
#include "tool/core/call.h"

/* Lives in who wants to know, zeroed at first; what is set before caller_find stays until known is
 * called. */
struct caller {
    struct authenticator *authenticator;
    struct key_ring *keys;
    const char *authorization; /* the field, NULL = none came */
    struct call *call;         /* user, session and roles are filled in with ST_OK */
    /** Once, perhaps from inside caller_find. ST_OK | ST_UNAUTHENTICATED (bad: a token came and was
     * no good, and why; NULL: none came) | ST_UNAVAILABLE | ST_OVERLOADED (its key is not known).
     */
    void (*known)(struct caller *self, enum status st, const char *bad);
    struct key_waiter waiter; /* private */
};

void caller_find(struct caller *caller);
/** known is not called any more. Fine for one that was never looked for. */
void caller_leave(struct caller *caller);

#endif
