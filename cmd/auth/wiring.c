/* wiring.c - which implementation stands behind each interface of the auth service. */
#include "cmd/auth/auth.h"

#include "tool/core/log.h"

/* Several hashes take as long: beside them nobody notices. */
enum { LOGINS_PATIENCE_MS = 40 };

static void start_logins(struct auth *auth, const struct service_run *run)
{
    auth->company.enough = (unsigned)auth->argon2_threads + 1; /* fewer leave threads idle */
    auth->logins = transactor_group_create(run->transactor, LOGINS_PATIENCE_MS, &auth->company);
    auth->login = (struct login){
        .accounts = auth->accounts,
        .transactor = auth->logins,
        .throttle = &auth->throttle,
        .hasher = auth->hasher,
        .sessions = &auth->sessions,
        .under_way = &auth->company.under_way,
    };
}

enum status auth_start(void *self, const struct service_run *run)
{
    struct auth *auth = self;
    char trouble[TOKEN_WHY_MAX + 1];
    const char *why = trouble;

    auth->keys.folder =
        token_folder_create(auth->key_dir, auth->token_lifetime_s, run->entropy, trouble);
    if (auth->keys.folder)
        auth->issuer = token_issuer_create(
            &(struct token_issuer_config){
                .folder = auth->keys.folder,
                .issuer = auth->token_issuer,
                .audience = auth->token_audience,
                .lifetime_s = auth->token_lifetime_s,
                .clock = run->clock,
                .entropy = run->entropy,
            },
            &why);
    if (!auth->issuer) {
        log_error("no signing keys", LOG_TEXT("why", why));
        return ST_INVALID;
    }
    auth->hasher = argon2_hasher_create(&(struct argon2_config){
        .threads = (unsigned)auth->argon2_threads,
        .queue = (unsigned)auth->argon2_queue,
        .memory_kib = (unsigned)auth->argon2_memory_kib,
        .passes = (unsigned)auth->argon2_passes,
    });
    if (!auth->hasher)
        return ST_UNAVAILABLE;
    throttle_init(&auth->throttle, auth->attempts, run->transactor,
                  auth->rate_limit ? run->secret : NULL, run->metrics);
    auth->signup = (struct signup){
        .accounts = auth->accounts,
        .remote = run->remote,
        .barrier = run->barrier,
        .outbox = run->outbox,
        .sagas = run->sagas,
        .hasher = auth->hasher,
        .clock = run->clock,
        .entropy = run->entropy,
        .throttle = &auth->throttle,
    };
    auth->identities = (struct identities){auth->identity_store, run->clock, run->entropy};
    auth->withdrawal = (struct withdrawal){
        .accounts = auth->accounts,
        .remote = run->remote,
        .barrier = run->barrier,
        .outbox = run->outbox,
        .sessions = &auth->sessions,
        .identities = &auth->identities,
        .throttle = &auth->throttle,
        .sagas = run->sagas,
        .clock = run->clock,
        .entropy = run->entropy,
    };
    auth->sessions = (struct sessions){
        .accounts = auth->accounts,
        .sessions = auth->session_store,
        .transactor = run->transactor,
        .outbox = run->outbox,
        .issuer = auth->issuer,
        .entropy = run->entropy,
        .cursors = run->cursors,
        .limits = auth->limits,
    };
    start_logins(auth, run);
    auth->password = (struct password){auth->accounts, run->remote, auth->hasher, &auth->sessions,
                                       &auth->throttle};
    auth->roles = (struct roles){auth->accounts, run->transactor, run->outbox, &auth->sessions};
    saga_engine_add(run->sagas, &SIGNUP_SAGA, &auth->signup);
    saga_engine_add(run->sagas, &WITHDRAWAL_SAGA, &auth->withdrawal);
    return ST_OK;
}

void auth_stop(void *self)
{
    struct auth *auth = self;

    if (auth->logins)
        auth->logins->ops->destroy(auth->logins);
    if (auth->hasher)
        auth->hasher->ops->destroy(auth->hasher);
    if (auth->issuer)
        auth->issuer->ops->destroy(auth->issuer);
}
