/* main.c - the auth service: accounts, the signup saga, sessions, access tokens. Tables, no logic.
 */
#include "cmd/auth/auth.h"
#include "protocol/auth.h"
#include "protocol/user.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct auth, key_dir, "key-dir", SETTING_TEXT, "/var/lib/hanok/keys",
            .doc = "folder of the token signing keys, which all instances share; their names say from when each signs; made on first start"),
    SETTING(struct auth, keys.publish_s, "key-publish-s", SETTING_INT, "600", .min = 1, .max = 604800,
            .unit = "s", .doc = "how long a new signing key is published before it signs: longer than others keep the key set, 10 s by its Cache-Control"),
    SETTING(struct auth, token_issuer, "token-issuer", SETTING_TEXT, "hanok",
            .doc = "iss of access tokens"),
    SETTING(struct auth, token_audience, "token-audience", SETTING_TEXT, "hanok",
            .doc = "aud of access tokens"),
    SETTING(struct auth, token_lifetime_s, "token-lifetime-s", SETTING_INT, "900", .min = 10, .max = 86400,
            .unit = "s", .doc = "how long an access token is good for"),
    SETTING(struct auth, limits.max, "sessions-max", SETTING_INT, "20", .min = 1, .max = SESSIONS_MAX,
            .doc = "logins that one account can have at a time; then the oldest ends"),
    SETTING(struct auth, limits.idle_s, "refresh-idle-s", SETTING_INT, "2592000", .min = 60, .max = 31536000,
            .unit = "s", .doc = "how long a login lasts that nobody refreshes"),
    SETTING(struct auth, limits.lifetime_s, "refresh-lifetime-s", SETTING_INT, "7776000", .min = 60, .max = 31536000,
            .unit = "s", .doc = "how long a login lasts at most"),
    SETTING(struct auth, argon2_memory_kib, "argon2-memory-kib", SETTING_INT, "19456", .min = 8192, .max = 1048576,
            .unit = "KiB", .doc = "memory of one password hash (Argon2id m)"),
    SETTING(struct auth, argon2_passes, "argon2-passes", SETTING_INT, "2", .min = 1, .max = 10,
            .doc = "passes of one password hash (Argon2id t)"),
    SETTING(struct auth, argon2_threads, "argon2-threads", SETTING_INT, "2", .min = 1, .max = 64,
            .doc = "hashes at a time; each thread keeps its memory while passwords come"),
    SETTING(struct auth, argon2_queue, "argon2-queue", SETTING_INT, "256", .min = 1, .max = 65536,
            .doc = "hashes waiting at most; more are refused as overloaded"),
    SETTING(struct auth, rate_limit, "rate-limit", SETTING_SWITCH, "on",
            .doc = "who keeps failing has to wait: wrong passwords, signups that meet what is taken; off for load tests"),
};
/* clang-format on */

/* "password" threads mostly wait: for the hashing threads, then for a commit. */
static const struct service_pool POOLS[] = {
    {"work",     4,  1024},
    {"password", 16, 256 },
};

/* clang-format off */
static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(AUTH_SIGNUP, signup_accept, struct signup_form, struct signup_accepted),
     .self = offsetof(struct auth, signup), .check = signup_check, .wait = signup_outcome,
     .wait_key = offsetof(struct signup_accepted, saga_id), .pool = "password", .wait_pool = "work",
     .timeout_ms = 5000},
    {ENDPOINT(AUTH_SIGNUP_STATUS, saga_progress, struct saga_query, struct saga_view),
     .self = offsetof(struct auth, signup.sagas), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_LOGIN, login_grant, struct login_form, struct login_granted),
     .self = offsetof(struct auth, login), .pool = "password", .timeout_ms = 5000},
    {ENDPOINT_TOGETHER(AUTH_REFRESH, refresh_grant, struct refresh_form, struct login_granted),
     .self = offsetof(struct auth, sessions), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_PASSWORD, password_change, struct password_form, struct nothing),
     .self = offsetof(struct auth, password), .lane = true, .pool = "password", .timeout_ms = 5000},
    {ENDPOINT(AUTH_LOGOUT, session_logout, struct nothing, struct nothing),
     .self = offsetof(struct auth, sessions), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_SESSIONS, session_list, struct sessions_query, struct sessions_page),
     .self = offsetof(struct auth, sessions), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_SESSIONS_END, session_end, struct session_end, struct nothing),
     .self = offsetof(struct auth, sessions), .lane = true, .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_WITHDRAW, withdrawal_accept, struct withdrawal_form, struct withdrawal_accepted),
     .self = offsetof(struct auth, withdrawal), .wait = withdrawal_outcome,
     .wait_key = offsetof(struct withdrawal_accepted, saga_id), .pool = "work", .timeout_ms = 5000},
    {ENDPOINT(AUTH_WITHDRAW_STATUS, saga_progress, struct saga_query, struct saga_view),
     .self = offsetof(struct auth, withdrawal.sagas), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_CHECK, session_check, struct nothing, struct granted_roles),
     .self = offsetof(struct auth, sessions), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_ACCOUNT, roles_show_own, struct own_account_query, struct account_view),
     .self = offsetof(struct auth, roles), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_IDENTITY, identity_resolve, struct identity_query, struct identity_user),
     .self = offsetof(struct auth, identities), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_JWKS, login_keys, struct nothing, struct jwks),
     .self = offsetof(struct auth, login), .pool = "work", .routine = true, .timeout_ms = 1000},
    {ENDPOINT(AUTH_ADMIN_USER_GET, roles_show, struct account_query, struct account_view),
     .self = offsetof(struct auth, roles), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_ADMIN_USER_GRANT, roles_grant, struct role_change, struct account_view),
     .self = offsetof(struct auth, roles), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_ADMIN_USER_REVOKE, roles_revoke, struct role_change, struct account_view),
     .self = offsetof(struct auth, roles), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_ADMIN_USER_LOGOUT, roles_logout, struct account_query, struct account_view),
     .self = offsetof(struct auth, roles), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(AUTH_ADMIN_KEYS_LIST, keys_list, struct nothing, struct signing_keys),
     .self = offsetof(struct auth, keys), .pool = "work", .everyone = true, .timeout_ms = 2000},
    {ENDPOINT(AUTH_ADMIN_KEYS_ROTATE, keys_rotate, struct signing_key_rotation, struct signing_key),
     .self = offsetof(struct auth, keys), .pool = "work", .timeout_ms = 5000},
};
/* clang-format on */

static const struct service_store STORES[] = {
    {&ACCOUNT_TABLE,  offsetof(struct auth, accounts)      },
    {&SESSION_TABLE,  offsetof(struct auth, session_store) },
    {&ATTEMPT_TABLE,  offsetof(struct auth, attempts)      },
    {&IDENTITY_TABLE, offsetof(struct auth, identity_store)},
};

static const struct job JOBS[] = {
    {"purge_sessions",  offsetof(struct auth, sessions), sessions_purge, 60000, 5000,
     JOB_ONE_INSTANCE,                                                                                .first_ms = 5000 },
    {"forget_attempts", offsetof(struct auth, throttle), throttle_purge, 60000, 5000,
     JOB_ONE_INSTANCE,                                                                                .first_ms = 10000},
    {"retire_keys",     offsetof(struct auth, keys),     keys_retire,    10000, 5000, JOB_EVERYWHERE,
     .first_ms = 10000                                                                                                 },
};

static const struct operation *const CALLS[] = {&USER_REGISTRY, &USER_REGISTRY_CANCEL,
                                                &USER_REMOVE,   &USER_REMOVE_CANCEL,
                                                &USER_ERASE,    &USER_GET};

static const struct service AUTH = {
    .name = "auth",
    .summary = "Owns accounts: signs up and withdraws by sagas, logs in, says by which keys tokens "
               "are checked.",
    .size = sizeof(struct auth),
    ROWS_OF(settings, SETTINGS),
    ROWS_OF(pools, POOLS),
    ROWS_OF(endpoints, ENDPOINTS),
    ROWS_OF(calls, CALLS),
    .says = AUTH_EVENTS,
    ROWS_OF(jobs, JOBS),
    ROWS_OF(stores, STORES),
    .invariants = ACCOUNT_INVARIANTS,
    .id_sets = ACCOUNT_ID_SETS,
    .database = true,
    .sagas = true,
    .computes = true,
    .start = auth_start,
    .stop = auth_stop,
};

int main(int argc, char **argv)
{
    return service_main(argc, argv, &AUTH);
}
