/* auth.h - what the auth service is made of: its settings, and its use cases once wired. */
#ifndef CMD_AUTH_AUTH_H
#define CMD_AUTH_AUTH_H

#include "tool/core/transactor_group.h"
#include "tool/service/service.h"
#include "usecase/auth/identities.h"
#include "usecase/auth/keys.h"
#include "usecase/auth/login.h"
#include "usecase/auth/password.h"
#include "usecase/auth/refresh.h"
#include "usecase/auth/roles.h"
#include "usecase/auth/session_list.h"
#include "usecase/auth/signup.h"
#include "usecase/auth/withdrawal.h"

struct auth {
    char key_dir[256], token_issuer[TOKEN_NAME_MAX + 1], token_audience[TOKEN_NAME_MAX + 1];
    int64_t token_lifetime_s;
    int64_t argon2_memory_kib, argon2_passes, argon2_threads, argon2_queue;
    struct session_limits limits;
    bool rate_limit;
    struct store *accounts, *session_store, *attempts, *identity_store;
    struct throttle throttle;
    struct password_hasher *hasher;
    struct token_issuer *issuer;
    struct signup signup;
    struct withdrawal withdrawal;
    struct identities identities;
    struct sessions sessions;
    struct transactor_company company; /* of logins */
    struct transactor *logins;
    struct login login;
    struct password password;
    struct roles roles;
    struct keys keys; /* its folder is the issuer's */
};

/** service.start and service.stop. */
enum status auth_start(void *self, const struct service_run *run);
void auth_stop(void *self);

#endif
