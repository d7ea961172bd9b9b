/* auth.h - every message of the auth service, once. */
#ifndef PROTOCOL_AUTH_H
#define PROTOCOL_AUTH_H

#include "model/account.h"
#include "model/identity.h"
#include "model/jwks.h"
#include "model/login_form.h"
#include "model/password_form.h"
#include "model/role.h"
#include "model/signing_key.h"
#include "model/session.h"
#include "model/signup_form.h"
#include "model/withdrawal.h"
#include "tool/encoder/event_type.h"
#include "tool/saga/saga_message.h"

/* subject: request struct -> reply struct */

/* auth.signup: signup_form -> signup_accepted */
extern const struct operation AUTH_SIGNUP;
/* auth.signup.status: saga_query -> saga_view */
extern const struct operation AUTH_SIGNUP_STATUS;
/* auth.login: login_form -> login_granted */
extern const struct operation AUTH_LOGIN;
/* auth.withdraw: withdrawal_form -> withdrawal_accepted */
extern const struct operation AUTH_WITHDRAW;
/* auth.withdraw.status: saga_query -> saga_view */
extern const struct operation AUTH_WITHDRAW_STATUS;
/* auth.check: nothing -> granted_roles; asked by the gateway, in the name of who asks it, where a
 * route says auth=fresh */
extern const struct operation AUTH_CHECK;
/* auth.refresh: refresh_form -> login_granted */
extern const struct operation AUTH_REFRESH;
/* auth.logout: nothing -> nothing; ends the session that asks */
extern const struct operation AUTH_LOGOUT;
/* auth.password: password_form -> nothing */
extern const struct operation AUTH_PASSWORD;
/* auth.sessions: sessions_query -> sessions_page */
extern const struct operation AUTH_SESSIONS;
/* auth.sessions.end: session_end -> nothing */
extern const struct operation AUTH_SESSIONS_END;
/* auth.account: own_account_query -> account_view */
extern const struct operation AUTH_ACCOUNT;
/* auth.identity: identity_query -> identity_user; asked by the gateway of who has a token of an
 * issuer outside */
extern const struct operation AUTH_IDENTITY;
/* auth.jwks: nothing -> jwks */
extern const struct operation AUTH_JWKS;
/* For operators. auth.admin.user.get, .logout: account_query -> account_view; .grant, .revoke:
 * role_change -> account_view */
extern const struct operation AUTH_ADMIN_USER_GET;
extern const struct operation AUTH_ADMIN_USER_GRANT;
extern const struct operation AUTH_ADMIN_USER_REVOKE;
extern const struct operation AUTH_ADMIN_USER_LOGOUT;
/* auth.admin.keys.list: nothing -> signing_keys; .rotate: signing_key_rotation -> signing_key */
extern const struct operation AUTH_ADMIN_KEYS_LIST;
extern const struct operation AUTH_ADMIN_KEYS_ROTATE;

/* event: struct */

/* auth.account_created: account_event */
extern const struct event_type AUTH_ACCOUNT_CREATED;
/* auth.account_activated: account_event */
extern const struct event_type AUTH_ACCOUNT_ACTIVATED;
/* auth.account_withdrawn: account_event */
extern const struct event_type AUTH_ACCOUNT_WITHDRAWN;
/* auth.signup_compensated: signup_compensated */
extern const struct event_type AUTH_SIGNUP_COMPENSATED;
/* auth.session_reused: session_reused */
extern const struct event_type AUTH_SESSION_REUSED;
/* auth.sessions_revoked: sessions_revoked */
extern const struct event_type AUTH_SESSIONS_REVOKED;
/* auth.password_changed: account_event */
extern const struct event_type AUTH_PASSWORD_CHANGED;
/* auth.role_granted, auth.role_revoked: role_event */
extern const struct event_type AUTH_ROLE_GRANTED;
extern const struct event_type AUTH_ROLE_REVOKED;
/* All of them, NULL-terminated. */
extern const struct event_type *const AUTH_EVENTS[];

#endif
