/* password.h - another password for an account. */
#ifndef USECASE_AUTH_PASSWORD_H
#define USECASE_AUTH_PASSWORD_H

#include "model/password_form.h"
#include "tool/crypto/password.h"
#include "tool/remote/remote.h"
#include "tool/throttle/throttle.h"
#include "usecase/auth/sessions.h"

/* All borrowed. Read-only once wired. */
struct password {
    struct store *accounts;
    struct remote *remote; /* for the profile, which the new one may not be made of */
    struct password_hasher *hasher;
    const struct sessions *sessions;
    const struct throttle *throttle; /* NULL = no limits */
};

/** in: struct password_form. The commit that has the new hash ends every session of the account; of
 * several changes at once with the same current password one wins. The new one must not be weak;
 * when the profile cannot be had within a second, it is measured by the login id alone.
 * ST_OK (durable) | ST_INVALID (too weak) | ST_UNAUTHENTICATED invalid_credentials (the current one
 * is wrong) | ST_LIMITED too_many_attempts | ST_NOT_FOUND | ST_CONFLICT as session_allowed |
 * ST_OVERLOADED | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status password_change(void *self, const struct call *call, const void *in, void *out);

#endif
