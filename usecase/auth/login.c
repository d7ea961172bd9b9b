/* login.c - a password against an account; a session for whoever has both. */
#include "usecase/auth/login.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/auth/limits.h"

enum { TRIES = 3 };

/* One that logs in. */
struct entry {
    const struct login *login;
    struct login_limits limits;
    struct account account;              /* whose password was right */
    bool renew;                          /* its hash is not as is made today */
    char renewed[PASSWORD_HASH_MAX + 1]; /* another hash of the same; "" = leave it */
    struct refresh_token token;
};

static enum status wrong(const struct call *call)
{
    return call_fail(call, ST_UNAUTHENTICATED, "invalid_credentials",
                     "The login id or the password is wrong.");
}

static enum status refused(const struct entry *entry, const struct call *call)
{
    enum status st = login_limits_fail(&entry->limits, call);

    return st == ST_OK ? wrong(call) : st;
}

/* Same answer, same time, whether the id exists or not. */
static enum status check_password(struct entry *entry, const struct call *call,
                                  const struct login_form *form)
{
    const struct login *login = entry->login;
    enum status st = login_limits_begin(&entry->limits, login->throttle, call, form->login_id);
    enum status found;

    if (st != ST_OK)
        return st;
    found = store_find(login->accounts, NULL, call, "login_id", form->login_id, &entry->account);
    if (found != ST_OK && found != ST_NOT_FOUND)
        return found;
    st = login_limits_know(&entry->limits, login->sessions->sessions, call,
                           found == ST_OK ? entry->account.id : (struct uuid){{0}});
    if (st != ST_OK)
        return st;
    st = login->hasher->ops->verify(login->hasher, call, form->password,
                                    found == ST_OK ? entry->account.password_hash : NULL,
                                    &entry->renew);
    return st == ST_UNAUTHENTICATED ? refused(entry, call) : st;
}

/* The only moment the password is at hand to be hashed as is done today. Whether that works
 * is nothing to whoever logs in. */
static void renew_hash(struct entry *entry, const struct call *call, const char *password)
{
    struct password_hasher *hasher = entry->login->hasher;
    struct call quiet = *call;
    enum status st;

    quiet.problem = NULL;
    st = hasher->ops->hash(hasher, &quiet, password, entry->renewed);
    if (st == ST_OK)
        return;
    entry->renewed[0] = '\0';
    log_warn("password not rehashed", LOG_CALL(call), LOG_UUID("userId", entry->account.id),
             LOG_STATUS(st));
}

/* Hashing takes its time: the password may be another meanwhile, and all sessions over. What an
 * account is waiting for is told to nobody before the limits have let him pass. */
static enum status admit(void *row, const struct call *call, void *arg)
{
    const struct entry *entry = arg;
    struct account *account = row;

    if (strcmp(account->password_hash, entry->account.password_hash) != 0)
        return ST_STALE;
    if (entry->renewed[0])
        TEXT_COPY(account->password_hash, entry->renewed);
    return session_allowed(call, account->status);
}

static enum status enter(struct transaction *tx, const struct call *call, void *arg)
{
    struct entry *entry = arg;
    struct account now;
    enum status st = login_limits_pass(&entry->limits, tx, call);

    if (st == ST_OK)
        st = store_change(entry->login->accounts, tx, call, &entry->account.id,
                          &(struct store_change){.fn = admit, .arg = entry}, &now);
    if (st == ST_OK)
        st = session_begin(entry->login->sessions, tx, call, now.id, &entry->token);
    if (st == ST_OK)
        TEXT_COPY(entry->account.roles, now.roles);
    explicit_bzero(&now, sizeof(now));
    return st;
}

/* ST_STALE: the account is not as it was when its password was checked. */
static enum status try_once(struct entry *entry, const struct call *call,
                            const struct login_form *form)
{
    enum status st = check_password(entry, call, form);

    if (st != ST_OK)
        return st;
    entry->renewed[0] = '\0';
    if (entry->renew && entry->account.status == ACCOUNT_ACTIVE)
        renew_hash(entry, call, form->password);
    st = transactor_run(entry->login->transactor, call, enter, entry);
    return st == ST_NOT_FOUND ? wrong(call) : st; /* it was withdrawn meanwhile */
}

/* What whoever looks into a break-in asks for: who it was, by what, from where. The login id is not
 * said: people type passwords there. */
static void note(const struct entry *entry, const struct call *call, enum status st)
{
    const char *code = call->problem ? call->problem->code : NULL;
    bool known = !uuid_is_nil(entry->account.id);

    if (status_http(st) >= 500) /* nothing was decided */
        return;
    log_info(st == ST_OK ? "logged in" : "login refused", LOG_CALL(call),
             LOG_TEXT("by", "password"),
             known ? LOG_UUID("userId", entry->account.id) : LOG_TEXT("userId", NULL),
             st == ST_OK ? LOG_UUID("sessionId", entry->token.session) : LOG_TEXT("code", code));
}

enum status login_grant(void *self, const struct call *call, const void *in, void *out)
{
    struct entry entry = {.login = self};
    atomic_uint *under_way = entry.login->under_way;
    enum status st = ST_STALE;

    if (under_way)
        (*under_way)++;
    for (int i = 0; i < TRIES && st == ST_STALE; i++)
        st = try_once(&entry, call, in);
    if (under_way)
        (*under_way)--;
    if (st == ST_OK)
        st = session_grant(entry.login->sessions, call, &entry.account, &entry.token, out);
    if (st == ST_STALE)
        st = ST_UNAVAILABLE;
    note(&entry, call, st);
    explicit_bzero(&entry, sizeof(entry));
    return st;
}

enum status login_keys(void *self, const struct call *call, const void *in, void *out)
{
    struct token_issuer *issuer = ((const struct login *)self)->sessions->issuer;
    struct jwks *jwks = out;
    struct token_key_set set;

    (void)call;
    (void)in;
    issuer->ops->keys(issuer, &set);
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
