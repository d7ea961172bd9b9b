/* caller.c - see caller.h. */
#include "cmd/gateway/caller.h"

#include "middleware/field_value.h"
#include "tool/core/mem.h"

static void on_keys_settled(struct key_waiter *waiter, bool fetched)
{
    struct caller *caller = container_of(waiter, struct caller, waiter);

    if (fetched)
        caller_find(caller);
    else
        caller->known(caller, ST_UNAVAILABLE, NULL);
}

/* The token names a key that is not known. */
static void wait_for_keys(struct caller *caller, const char *token)
{
    caller->waiter.settled = on_keys_settled;
    switch (key_ring_wait(caller->keys, token, &caller->waiter)) {
    case KEY_RING_WAITS:
        break;
    case KEY_RING_NO_SUCH_KEY:
        caller->known(caller, ST_UNAUTHENTICATED, token_verdict_name(TOKEN_UNKNOWN_KEY));
        break;
    case KEY_RING_FULL:
        caller->known(caller, ST_OVERLOADED, NULL);
        break;
    case KEY_RING_EMPTY:
        caller->known(caller, ST_UNAVAILABLE, NULL);
        break;
    }
}

void caller_find(struct caller *caller)
{
    const char *token = field_bearer(caller->authorization);
    const struct token_claims *claims;
    enum token_verdict verdict;

    if (!token) {
        caller->known(caller, ST_UNAUTHENTICATED, NULL);
        return;
    }
    verdict = authenticator_check(caller->authenticator, token, &claims);
    if (verdict == TOKEN_UNKNOWN_KEY) {
        wait_for_keys(caller, token);
        return;
    }
    if (verdict != TOKEN_OK) {
        caller->known(caller, ST_UNAUTHENTICATED, token_verdict_name(verdict));
        return;
    }
    uuid_text(claims->subject, caller->call->user);
    caller->call->session = claims->session;
    TEXT_COPY(caller->call->roles, claims->roles);
    caller->known(caller, ST_OK, NULL);
}

void caller_leave(struct caller *caller)
{
    if (caller->keys)
        key_ring_leave(caller->keys, &caller->waiter);
}
