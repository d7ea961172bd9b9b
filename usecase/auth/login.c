/* login.c - a password against an account; a token for whoever has both. */
#include "usecase/auth/login.h"

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/auth/limits.h"

enum { PENDING_RETRY_S = 1 };

static enum status refused(const struct call *call, const struct login_limits *limits)
{
    enum status st = login_limits_fail(limits, call);

    return st == ST_OK ? call_fail(call, ST_UNAUTHENTICATED, "invalid_credentials",
                                   "The login id or the password is wrong.")
                       : st;
}

static enum status passed(struct transaction *tx, const struct call *call, void *arg)
{
    return login_limits_pass(arg, tx, call);
}

/* Same answer, same time, whether the id exists or not. */
static enum status check_password(const struct login *login, const struct call *call,
                                  const struct login_form *form, struct account *account,
                                  bool *renew)
{
    struct login_limits limits;
    enum status st = login_limits_begin(&limits, login->throttle, call, form->login_id), found;

    if (st != ST_OK)
        return st;
    found = store_find(login->accounts, NULL, call, "login_id", form->login_id, account);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    st = login_limits_know(&limits, login->sessions, call,
                           found == ST_OK ? account->id : (struct uuid){{0}});
    if (st != ST_OK)
        return st;
    st = login->hasher->ops->verify(login->hasher, call, form->password,
                                    found == ST_OK ? account->password_hash : NULL, renew);
    if (st == ST_OK && login->throttle)
        st = transactor_run(login->transactor, call, passed, &limits);
    return st == ST_UNAUTHENTICATED ? refused(call, &limits) : st;
}

/* The only moment the password is at hand to be hashed as is done today. Whether that works
 * is nothing to whoever logs in. */
static void renew_hash(const struct login *login, const struct call *call, const char *password,
                       const struct account *account)
{
    char hash[PASSWORD_HASH_MAX + 1];
    struct call quiet = *call;
    enum status st;

    quiet.problem = NULL;
    st = login->hasher->ops->hash(login->hasher, &quiet, password, hash);
    if (st == ST_OK)
        st = store_turn(login->accounts, NULL, &quiet, &account->id, "password_hash",
                        account->password_hash, hash);
    if (st != ST_OK)
        log_warn("password not rehashed", LOG_CALL(call), LOG_UUID("userId", account->id),
                 LOG_STATUS(st));
}

static enum status pending(const struct call *call)
{
    if (call->problem)
        call->problem->retry_after_s = PENDING_RETRY_S;
    return call_fail(call, ST_CONFLICT, "signup_pending", "The signup has not finished yet.");
}

enum status login_grant(void *self, const struct call *call, const void *in, void *out)
{
    const struct login *login = self;
    const struct login_form *form = in;
    struct login_granted *granted = out;
    struct account account;
    bool renew = false;
    enum status st = check_password(login, call, form, &account, &renew);

    if (st != ST_OK)
        return st;
    if (account.status != ACCOUNT_ACTIVE)
        return pending(call);
    if (renew)
        renew_hash(login, call, form->password, &account);
    granted->user_id = account.id;
    TEXT_COPY(granted->token_type, "Bearer");
    return login->issuer->ops->issue(login->issuer, call, account.id, (struct uuid){{0}},
                                     account.roles, granted->access_token, &granted->expires_in_s);
}

enum status login_keys(void *self, const struct call *call, const void *in, void *out)
{
    const struct login *login = self;
    struct jwks *jwks = out;
    struct token_key_set set;

    (void)call;
    (void)in;
    login->issuer->ops->keys(login->issuer, &set);
    ASSERT(set.n <= JWKS_MAX);
    jwks->n_keys = set.n;
    for (size_t i = 0; i < set.n; i++) {
        struct jwk *key = &jwks->keys[i];
        *key = (struct jwk){.kty = "OKP", .crv = "Ed25519", .use = "sig", .alg = "EdDSA"};
        TEXT_COPY(key->kid, set.keys[i].kid);
        TEXT_COPY(key->x, set.keys[i].x);
    }
    return ST_OK;
}
