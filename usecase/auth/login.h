/* login.h - logging in, and the keys by which others check what it grants. */
#ifndef USECASE_AUTH_LOGIN_H
#define USECASE_AUTH_LOGIN_H

#include <stdatomic.h>

#include "model/jwks.h"
#include "tool/crypto/password.h"
#include "tool/throttle/throttle.h"
#include "usecase/auth/sessions.h"

/* All borrowed. Read-only once wired. */
struct login {
    struct store *accounts;
    struct transactor *transactor;   /* of sessions that begin */
    const struct throttle *throttle; /* NULL = no limits */
    struct password_hasher *hasher;
    const struct sessions *sessions;
    atomic_uint *under_way; /* how many log in just now; NULL = nobody asks */
};

/** in: struct login_form, out: struct login_granted. Begins a session; rehashes when the parameters
 * have changed. ST_OK (durable) | ST_UNAUTHENTICATED invalid_credentials (same body, same time,
 * whether the id exists) | ST_CONFLICT as session_allowed (only once the password was right) |
 * ST_LIMITED too_many_attempts (limits.h; the same whether the id exists) | ST_OVERLOADED |
 * ST_UNAVAILABLE | ST_UNCERTAIN */
enum status login_grant(void *self, const struct call *call, const void *in, void *out);
/** in: nothing, out: struct jwks. ST_OK */
enum status login_keys(void *self, const struct call *call, const void *in, void *out);

#endif
