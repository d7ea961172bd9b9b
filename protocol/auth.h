/* auth.h - every message of the auth service, once. */
#ifndef PROTOCOL_AUTH_H
#define PROTOCOL_AUTH_H

#include "model/jwks.h"
#include "model/login_form.h"
#include "model/signup_form.h"
#include "tool/saga/saga_message.h"

/* subject: request struct -> reply struct */

/* auth.signup: signup_form -> signup_accepted */
extern const struct operation AUTH_SIGNUP;
/* auth.signup.status: saga_query -> saga_view */
extern const struct operation AUTH_SIGNUP_STATUS;
/* auth.login: login_form -> login_granted */
extern const struct operation AUTH_LOGIN;
/* auth.jwks: nothing -> jwks */
extern const struct operation AUTH_JWKS;

#endif
