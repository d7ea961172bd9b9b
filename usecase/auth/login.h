/* login.h - logging in, and the keys by which others check what it grants. */
#ifndef USECASE_AUTH_LOGIN_H
#define USECASE_AUTH_LOGIN_H

#include "dataservice/auth/account_store.h"
#include "dataservice/auth/session_store.h"
#include "model/jwks.h"
#include "model/login_form.h"
#include "tool/crypto/password.h"
#include "tool/crypto/token.h"
#include "tool/throttle/throttle.h"

/* All borrowed. Read-only once wired. */
struct login {
    struct store *accounts, *sessions;
    struct transactor *transactor;
    const struct throttle *throttle; /* NULL = no limits */
    struct password_hasher *hasher;
    struct token_issuer *issuer;
};

/** in: struct login_form, out: struct login_granted. Rehashes when the parameters have changed.
 * ST_OK | ST_UNAUTHENTICATED invalid_credentials (same body, same time, whether the id exists) |
 * ST_CONFLICT signup_pending with retry_after_s (only once the password was right) |
 * ST_LIMITED too_many_attempts (limits.h; the same whether the id exists) | ST_OVERLOADED |
 * ST_UNAVAILABLE | ST_UNCERTAIN */
enum status login_grant(void *self, const struct call *call, const void *in, void *out);
/** in: nothing, out: struct jwks. ST_OK */
enum status login_keys(void *self, const struct call *call, const void *in, void *out);

#endif
