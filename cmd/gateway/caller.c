/* caller.c - see caller.h. */
#include "cmd/gateway/caller.h"

#include "cmd/gateway/auth_answer.h"
#include "cmd/gateway/asking.h"
#include "cmd/gateway/gateway.h"
#include "cmd/gateway/issuers.h"
#include "cmd/gateway/key_ring.h"
#include "middleware/field_value.h"
#include "tool/core/mem.h"

enum {
    KNOWN_S = 60, /* so long it is not asked again who somebody from outside is here */
    QUERY_MAX = 4096,
};

static void refuse(struct caller *caller, const char *bad)
{
    caller->known(caller, ST_UNAUTHENTICATED, bad);
}

/* ---- keys ---- */

static void on_keys_settled(struct key_waiter *waiter, bool fetched)
{
    struct caller *caller = container_of(waiter, struct caller, waiter);

    if (fetched)
        caller_find(caller);
    else
        caller->known(caller, ST_UNAVAILABLE, NULL);
}

/* The token names a key that is not known. */
static void wait_for_keys(struct caller *caller, const struct issuer *issuer)
{
    struct gateway *gw = caller->gw;

    caller->waiter.settled = on_keys_settled;
    switch (issuer ? issuers_wait(gw->issuers, issuer, &caller->waiter)
                   : key_ring_wait(gw->keys, caller->token, &caller->waiter)) {
    case KEY_RING_WAITS:
        break;
    case KEY_RING_NO_SUCH_KEY:
        refuse(caller, token_verdict_name(TOKEN_UNKNOWN_KEY));
        break;
    case KEY_RING_FULL:
        caller->known(caller, ST_OVERLOADED, NULL);
        break;
    case KEY_RING_EMPTY:
        caller->known(caller, ST_UNAVAILABLE, NULL);
        break;
    }
}

/* ---- auth ---- */

static void ask(struct caller *caller, const struct operation *op, const char *data, size_t len,
                message_reply_fn on_answer)
{
    const struct inquiry inquiry = {
        .subject = op->subject,
        .data = data,
        .len = len,
        .again = op->idempotent,
        .hedge = true,
        .retries = 1,
    };
    enum status st =
        asking_begin(caller->asking, caller->gw->asker, &inquiry, caller->call, on_answer, caller);

    if (st != ST_OK)
        caller->known(caller, st, NULL);
}

static void on_checked(void *arg, enum status st, const struct message *reply)
{
    struct caller *caller = arg;
    struct granted_roles granted;

    if (st == ST_OK)
        st = auth_answer_read(&AUTH_CHECK, reply, &granted);
    if (st == ST_OK)
        TEXT_COPY(caller->call->roles, granted.roles);
    caller->known(caller, st, st == ST_UNAUTHENTICATED ? "session ended" : NULL);
}

static void on_identity(void *arg, enum status st, const struct message *reply)
{
    struct caller *caller = arg;
    struct gateway *gw = caller->gw;
    struct identity_user user;

    if (st == ST_OK)
        st = auth_answer_read(&AUTH_IDENTITY, reply, &user);
    if (st == ST_OK) {
        uuid_text(user.user_id, caller->call->user);
        authenticator_introduce(gw->authenticator, caller->token, user.user_id,
                                clock_wall_us(gw->run.clock) / 1000000 + KNOWN_S);
    }
    caller->just_asked = true;
    caller->known(caller, st, NULL);
}

static void ask_who_that_is(struct caller *caller, const struct token_bearer *bearer)
{
    struct identity_query query;
    char json[QUERY_MAX];
    struct json_out o;

    TEXT_COPY(query.issuer, bearer->issuer->name);
    TEXT_COPY(query.subject, bearer->subject);
    json_out_init(&o, json, sizeof(json));
    encode(AUTH_IDENTITY.request, &query, &o);
    ask(caller, &AUTH_IDENTITY, o.buf, o.len, on_identity);
}

void caller_check(struct caller *caller)
{
    const struct token_bearer *bearer;

    if (!caller->issuer)
        ask(caller, &AUTH_CHECK, "{}", 2, on_checked);
    else if (caller->just_asked)
        caller->known(caller, ST_OK, NULL);
    else if (authenticator_check(caller->gw->authenticator, caller->token, &bearer) == TOKEN_OK)
        ask_who_that_is(caller, bearer);
    else
        refuse(caller, "not good any more");
}

/* ---- the token ---- */

static void greet(struct caller *caller, const struct token_bearer *bearer)
{
    caller->issuer = bearer->issuer;
    caller->call->session = bearer->claims.session;
    TEXT_COPY(caller->call->roles, bearer->claims.roles);
    if (bearer->issuer && uuid_is_nil(bearer->claims.subject)) {
        ask_who_that_is(caller, bearer);
        return;
    }
    uuid_text(bearer->claims.subject, caller->call->user);
    caller->known(caller, ST_OK, NULL);
}

void caller_find(struct caller *caller)
{
    const struct token_bearer *bearer;
    enum token_verdict verdict;

    caller->token = field_bearer(caller->authorization);
    if (!caller->token) {
        refuse(caller, NULL);
        return;
    }
    verdict = authenticator_check(caller->gw->authenticator, caller->token, &bearer);
    if (verdict == TOKEN_OK)
        greet(caller, bearer);
    else if (verdict == TOKEN_UNKNOWN_KEY)
        wait_for_keys(caller, bearer->issuer);
    else
        refuse(caller, token_verdict_name(verdict));
}

void caller_leave(struct caller *caller)
{
    key_waiter_leave(&caller->waiter);
}
