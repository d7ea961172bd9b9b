/* password.c - see password.h. */
#include "usecase/auth/password.h"

#include <string.h>

#include "protocol/auth.h"
#include "tool/core/mem.h"
#include "usecase/auth/limits.h"
#include "usecase/auth/others.h"
#include "usecase/auth/password_rule.h"

enum { TRIES = 3, PROFILE_TIMEOUT_MS = 1000 };

/* A change under way. */
struct renewal {
    const struct password *password;
    const struct password_form *form;
    struct throttle_subject limit;
    struct account account;           /* as it was when its password was compared */
    char hash[PASSWORD_HASH_MAX + 1]; /* of the new one; "" = not made yet */
};

/* A service that is away keeps nobody from giving up a password that others know. */
static enum status check_strength(const struct renewal *r, const struct call *call)
{
    struct problem ignored = {.status = ST_OK};
    struct call asking = call_within(call, PROFILE_TIMEOUT_MS, &ignored);
    struct profile profile;
    enum status st =
        ask_profile(r->password->remote, &asking, &(struct profile_query){r->account.id}, &profile);

    return password_is_weak(r->form->new_password, r->account.login_id,
                            st == ST_OK ? &profile.person : NULL)
               ? problem_field(call->problem, "newPassword", "must be harder to guess")
               : ST_OK;
}

static enum status check_current(const struct renewal *r, const struct call *call)
{
    struct password_hasher *hasher = r->password->hasher;
    enum status st = hasher->ops->verify(hasher, call, r->form->current_password,
                                         r->account.password_hash, NULL);

    if (st != ST_UNAUTHENTICATED)
        return st;
    st = throttle_fail(r->password->throttle, call, &r->limit, 1);
    return st == ST_OK ? call_fail(call, ST_UNAUTHENTICATED, "invalid_credentials",
                                   "The current password is wrong.")
                       : st;
}

static enum status make_hash(struct renewal *r, const struct call *call)
{
    struct password_hasher *hasher = r->password->hasher;

    return r->hash[0] ? ST_OK : hasher->ops->hash(hasher, call, r->form->new_password, r->hash);
}

/* ST_STALE: another change, or a login that hashed it anew, was faster. */
static enum status take_hash(void *row, const struct call *call, void *arg)
{
    const struct renewal *r = arg;
    struct account *account = row;
    enum status st = session_allowed(call, account->status);

    if (st != ST_OK)
        return st;
    if (strcmp(account->password_hash, r->account.password_hash) != 0)
        return ST_STALE;
    TEXT_COPY(account->password_hash, r->hash);
    return ST_OK;
}

static enum status commit(struct transaction *tx, const struct call *call, void *arg)
{
    const struct renewal *r = arg;
    const struct password *p = r->password;
    const struct uuid id = r->account.id;
    enum status st = throttle_pass(p->throttle, tx, call, &r->limit, 1);

    if (st == ST_OK)
        st = store_change(p->accounts, tx, call, &id,
                          &(struct store_change){.fn = take_hash, .arg = arg}, NULL);
    if (st == ST_OK)
        st = sessions_revoke(p->sessions, tx, call, id, SESSIONS_PASSWORD_CHANGED);
    return st == ST_OK ? event_say(p->sessions->outbox, tx, call, &AUTH_PASSWORD_CHANGED,
                                   &(struct account_event){id})
                       : st;
}

static enum status try_once(struct renewal *r, const struct call *call)
{
    const struct password *p = r->password;
    enum status st = throttle_ask(p->throttle, call, &r->limit, 1);

    if (st == ST_OK)
        st = store_find(p->accounts, NULL, call, NULL, &r->form->user_id, &r->account);
    if (st == ST_OK)
        st = check_strength(r, call);
    if (st == ST_OK)
        st = check_current(r, call);
    if (st == ST_OK)
        st = make_hash(r, call);
    return st == ST_OK ? transactor_run(p->sessions->transactor, call, commit, r) : st;
}

enum status password_change(void *self, const struct call *call, const void *in, void *out)
{
    const struct password *password = self;
    const struct password_form *form = in;
    struct renewal r = {password, form, password_limit(password->throttle, form->user_id),
                        .hash = ""};
    enum status st = ST_STALE;

    (void)out;
    for (int i = 0; i < TRIES && st == ST_STALE; i++)
        st = try_once(&r, call);
    explicit_bzero(&r, sizeof(r));
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, "not_found", "There is no such account.");
    return st == ST_STALE ? ST_UNAVAILABLE : st;
}
