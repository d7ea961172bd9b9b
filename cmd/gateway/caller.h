/* caller.h - who asks, by the access token that a request shows: ours, or of an issuer outside,
 * whose subjects auth knows by ids of ours. Waits for its key where that is not known yet. Loop
 * thread only. */
#ifndef CMD_GATEWAY_CALLER_H
#define CMD_GATEWAY_CALLER_H

#include "cmd/gateway/key_waiters.h"
#include "middleware/authenticator.h"
#include "tool/core/call.h"

struct asking;
struct gateway;

/* Lives in who wants to know, zeroed at first; what is set before caller_find stays until it has
 * ended. */
struct caller {
    struct gateway *gw;
    const char *authorization; /* the field, NULL = none came */
    struct asking *asking;     /* by which auth is asked; free until it has ended */
    struct call *call;         /* user, session and roles are filled in with ST_OK */
    /** Once after each of the two, perhaps from inside of it. ST_OK | ST_UNAUTHENTICATED (bad: a
     * token came and was no good, and why; NULL: none came) | ST_UNAVAILABLE, ST_OVERLOADED,
     * ST_TIMEOUT, ST_INTERNAL (nobody knows). */
    void (*known)(struct caller *self, enum status st, const char *bad);
    struct key_waiter waiter; /* private, as what follows */
    const char *token;
    const struct issuer *issuer; /* NULL = ours */
    bool just_asked;
};

void caller_find(struct caller *caller);
/** After that, for what is too grave for a token alone: auth is asked whether its session goes on,
 * and what the caller may now; of who comes from outside, who that is now. */
void caller_check(struct caller *caller);
/** known is not called any more, once its asking is cancelled too. Fine for one that was never
 * looked for. */
void caller_leave(struct caller *caller);

#endif
