/* main.c - the auth service: accounts, the signup saga, access tokens. Tables and wiring, no logic.
 */
#include "dataservice/mysql/account_data_mysql.h"
#include "dataservice/remote/profile_registry_remote.h"
#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/service.h"
#include "usecase/auth/login.h"
#include "usecase/auth/signup.h"

struct auth {
    char key_dir[256], token_issuer[TOKEN_NAME_MAX + 1], token_audience[TOKEN_NAME_MAX + 1];
    int64_t token_lifetime_s;
    int64_t argon2_memory_kib, argon2_passes, argon2_threads, argon2_queue;
    struct account_data_service *accounts;
    struct profile_registry *profiles;
    struct password_hasher *hasher;
    struct token_issuer *issuer;
    struct signup signup;
    struct login login;
};

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct auth, key_dir, "key-dir", SETTING_TEXT, "/var/lib/hanok/keys",
            .doc = "folder of the token signing keys; the newest signs, all verify; made on first start"),
    SETTING(struct auth, token_issuer, "token-issuer", SETTING_TEXT, "hanok",
            .doc = "iss of access tokens"),
    SETTING(struct auth, token_audience, "token-audience", SETTING_TEXT, "hanok",
            .doc = "aud of access tokens"),
    SETTING(struct auth, token_lifetime_s, "token-lifetime-s", SETTING_INT, "900", .min = 10, .max = 86400,
            .unit = "s", .doc = "how long an access token is good for"),
    SETTING(struct auth, argon2_memory_kib, "argon2-memory-kib", SETTING_INT, "19456", .min = 8192, .max = 1048576,
            .unit = "KiB", .doc = "memory of one password hash (Argon2id m)"),
    SETTING(struct auth, argon2_passes, "argon2-passes", SETTING_INT, "2", .min = 1, .max = 10,
            .doc = "passes of one password hash (Argon2id t)"),
    SETTING(struct auth, argon2_threads, "argon2-threads", SETTING_INT, "2", .min = 1, .max = 64,
            .doc = "hashes at a time; each thread keeps its memory"),
    SETTING(struct auth, argon2_queue, "argon2-queue", SETTING_INT, "256", .min = 1, .max = 65536,
            .doc = "hashes waiting at most; more are refused as overloaded"),
};
/* clang-format on */

/* "password" threads mostly wait: for the hashing threads, then for a commit. */
static const struct service_pool POOLS[] = {
    {"work",     4,  1024},
    {"password", 16, 256 },
};

static const struct endpoint ENDPOINTS[] = {
    {.op = &AUTH_SIGNUP,
     .self = offsetof(struct auth, signup),
     .run = signup_start,
     .check = signup_check,
     .wait = signup_outcome,
     .wait_key = offsetof(struct signup_accepted, saga_id),
     .pool = "password",
     .timeout_ms = 5000},
    {.op = &AUTH_SIGNUP_STATUS,
     .self = offsetof(struct auth,           signup),
     .run = signup_progress,
     .pool = "work",
     .timeout_ms = 2000},
    {.op = &AUTH_LOGIN,
     .self = offsetof(struct auth,               login),
     .run = login_grant,
     .pool = "password",
     .timeout_ms = 5000},
    {.op = &AUTH_JWKS,
     .self = offsetof(struct auth,           login),
     .run = login_keys,
     .pool = "work",
     .timeout_ms = 1000},
};

static enum status auth_start(void *self, const struct service_run *run)
{
    struct auth *auth = self;
    const char *why = NULL;

    auth->issuer = token_issuer_create(
        &(struct token_issuer_config){
            .key_dir = auth->key_dir,
            .issuer = auth->token_issuer,
            .audience = auth->token_audience,
            .lifetime_s = auth->token_lifetime_s,
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
    auth->accounts = account_data_mysql_create(run->db);
    auth->profiles = profile_registry_remote_create(run->proxy);
    auth->signup = (struct signup){
        .accounts = auth->accounts,
        .profiles = auth->profiles,
        .barrier = run->barrier,
        .sagas = run->sagas,
        .hasher = auth->hasher,
        .clock = run->clock,
        .entropy = run->entropy,
    };
    auth->login = (struct login){
        .accounts = auth->accounts,
        .hasher = auth->hasher,
        .issuer = auth->issuer,
    };
    saga_engine_add(run->sagas, &SIGNUP_SAGA, &auth->signup);
    return ST_OK;
}

static void auth_stop(void *self)
{
    struct auth *auth = self;

    if (auth->profiles)
        auth->profiles->ops->destroy(auth->profiles);
    if (auth->accounts)
        auth->accounts->ops->destroy(auth->accounts);
    if (auth->hasher)
        auth->hasher->ops->destroy(auth->hasher);
    if (auth->issuer)
        auth->issuer->ops->destroy(auth->issuer);
}

static const struct service AUTH = {
    .name = "auth",
    .summary = "Owns accounts: signs up by a saga, logs in, says by which keys tokens are checked.",
    .size = sizeof(struct auth),
    .settings = SETTINGS,
    .n_settings = ARRAY_LEN(SETTINGS),
    .pools = POOLS,
    .n_pools = ARRAY_LEN(POOLS),
    .endpoints = ENDPOINTS,
    .n_endpoints = ARRAY_LEN(ENDPOINTS),
    .database = true,
    .sagas = true,
    .start = auth_start,
    .stop = auth_stop,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &AUTH);
}
