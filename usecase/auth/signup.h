/* signup.h - signing up: the form, the saga that carries it through, its progress. */
#ifndef USECASE_AUTH_SIGNUP_H
#define USECASE_AUTH_SIGNUP_H

#include "dataservice/auth/account_store.h"
#include "model/signup_form.h"
#include "tool/crypto/password.h"
#include "tool/once/barrier.h"
#include "tool/outbox/outbox.h"
#include "tool/remote/remote.h"
#include "tool/saga/saga.h"
#include "tool/throttle/throttle.h"

/* All borrowed. Read-only once wired. */
struct signup {
    struct store *accounts;
    struct remote *remote;   /* what others.h asks */
    struct barrier *barrier; /* idempotency keys */
    struct outbox *outbox;
    struct saga_engine *sagas;
    struct password_hasher *hasher;
    const struct clock *clock;
    const struct entropy *entropy;
    const struct throttle *throttle; /* NULL = no limits */
};

/** create_account, register_profile, activate_account (the pivot). */
extern const struct saga_type SIGNUP_SAGA;

/* The functions below have the shape of every use case an endpoint row names:
 * self, call, in (decoded, its fields checked), out (zeroed). Any thread; block. */

/** in: struct signup_form. Notes what no field rule can say (a weak password) in call->problem,
 * also when other fields are wrong already. ST_OK | ST_INVALID */
enum status signup_check(void *self, const struct call *call, const void *in, void *out);
/** in: struct signup_form, out: struct signup_accepted. ST_OK (durable) | ST_CONFLICT
 * login_id_taken | ST_UNPROCESSABLE idempotency_key_reused | ST_OVERLOADED | ST_UNAVAILABLE |
 * ST_UNCERTAIN. A repeat under its Idempotency-Key after the end: the error that ended it, as
 * signup_outcome has it | ST_CONFLICT account_gone (it had an account, and has it no more) */
enum status signup_accept(void *self, const struct call *call, const void *in, void *out);
/** out: struct signup_accepted as signup_accept filled it; end: of its saga, NULL = long gone.
 * ST_OK (status ACTIVE) | ST_CONFLICT (email_taken ...) | ST_UNAVAILABLE signup_compensated (given
 * up at the deadline; the login id is free again) */
enum status signup_outcome(void *self, const struct call *call, const struct saga_view *end,
                           void *out);

#endif
