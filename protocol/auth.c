/* auth.c - see auth.h. */
#include "protocol/auth.h"

#include "protocol/person.h"

static const struct field SIGNUP_FORM_FIELDS[] = {
    FIELD(struct signup_form, login_id, "loginId", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &LOGIN_ID_RULE, .doc = "The name to log in with; lower-cased first."),
    FIELD(struct signup_form, password, "password", FIELD_TEXT, FIELD_REQUIRED | FIELD_SECRET,
          .rule = &PASSWORD_RULE,
          .doc = "Not one that is guessed easily. In normalization form C, as it is counted and "
                 "compared:"),
    FIELD(struct signup_form, person, "", FIELD_INLINE, 0, .item = &PERSON),
};

static const struct descriptor SIGNUP_FORM = DESCRIPTOR(
    struct signup_form, "SignupRequest", SIGNUP_FORM_FIELDS, "What a person sends to sign up.");

static const struct field SIGNUP_ACCEPTED_FIELDS[] = {
    FIELD(struct signup_accepted, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The account, reserved for good unless the signup is compensated."),
    FIELD(struct signup_accepted, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Under which the progress can be asked for; a secret between you and us."),
    FIELD(struct signup_accepted, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = SIGNUP_STATUS_NAMES, .doc = "ACTIVE once it is possible to log in."),
};

static const struct descriptor SIGNUP_ACCEPTED = DESCRIPTOR(
    struct signup_accepted, "SignupAccepted", SIGNUP_ACCEPTED_FIELDS, "A signup under way.");

static const struct operation_error SIGNUP_ERRORS[] = {
    {ST_CONFLICT,      "login_id_taken",         "The login id belongs to another account."         },
    {ST_CONFLICT,      "email_taken",            "With Prefer: wait, or again: the e-mail is taken."},
    {ST_CONFLICT,      "account_gone",           "Under an Idempotency-Key: it has ended since."    },
    {ST_UNPROCESSABLE, "idempotency_key_reused", "The Idempotency-Key came with another request."   },
    {ST_UNAVAILABLE,   "signup_compensated",     "With Prefer: wait, or again: not done, undone."   },
    {ST_LIMITED,       "too_many_attempts",      "Too many of this client met something taken."     },
    {ST_OK,            NULL,                     NULL                                               },
};

const struct operation AUTH_SIGNUP = {
    .subject = "auth.signup",
    .summary = "Sign up",
    .request = &SIGNUP_FORM,
    .reply = &SIGNUP_ACCEPTED,
    .waits = true,
    .errors = SIGNUP_ERRORS,
};

static const struct field SIGNUP_PROGRESS_FIELDS[] = {
    SAGA_VIEW_FIELDS("userId", "The account it is about."),
};

static const struct descriptor SIGNUP_PROGRESS = DESCRIPTOR(
    struct saga_view, "SignupProgress", SIGNUP_PROGRESS_FIELDS, "How far a signup has come.");

const struct operation AUTH_SIGNUP_STATUS = {
    .subject = "auth.signup.status",
    .summary = "Follow a signup",
    .request = &SAGA_QUERY,
    .reply = &SIGNUP_PROGRESS,
    .idempotent = true,
    .errors = SAGA_PROGRESS_ERRORS,
};

static const struct field LOGIN_FORM_FIELDS[] = {
    FIELD(struct login_form, login_id, "loginId", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &LOGIN_ID_RULE, .doc = "As signed up with, in either case."),
    FIELD(struct login_form, password, "password", FIELD_TEXT, FIELD_REQUIRED | FIELD_SECRET,
          .rule = &PASSWORD_GIVEN_RULE, .doc = "As signed up with, from any keyboard."),
};

static const struct descriptor LOGIN_FORM = DESCRIPTOR(
    struct login_form, "LoginRequest", LOGIN_FORM_FIELDS, "What a person sends to log in.");

static const struct field LOGIN_GRANTED_FIELDS[] = {
    FIELD(struct login_granted, access_token, "accessToken", FIELD_TEXT,
          FIELD_REQUIRED | FIELD_SECRET, .doc = "A JWT, for Authorization: Bearer."),
    FIELD(struct login_granted, refresh_token, "refreshToken", FIELD_TEXT, FIELD_SECRET,
          .doc = "For POST /refresh, once: the answer has the next one."),
    FIELD(struct login_granted, token_type, "tokenType", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Always Bearer."),
    FIELD(struct login_granted, expires_in_s, "expiresIn", FIELD_INT, FIELD_REQUIRED, .min = 1,
          .max = 86400, .doc = "How long the token is good for, in seconds."),
    FIELD(struct login_granted, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Who logged in."),
};

static const struct descriptor LOGIN_GRANTED =
    DESCRIPTOR(struct login_granted, "LoginGranted", LOGIN_GRANTED_FIELDS, "The way in.");

static const struct operation_error LOGIN_ERRORS[] = {
    {ST_UNAUTHENTICATED, "invalid_credentials", "No account has this login id and password."              },
    {ST_CONFLICT,        "signup_pending",      "The signup is not finished yet; see Retry-After."        },
    {ST_CONFLICT,        "withdrawal_pending",  "The account is being withdrawn; see Retry-After."        },
    {ST_LIMITED,         "too_many_attempts",   "Too many have failed for this login id; see Retry-After."},
    {ST_OK,              NULL,                  NULL                                                      },
};

const struct operation AUTH_LOGIN = {
    .subject = "auth.login",
    .summary = "Log in",
    .request = &LOGIN_FORM,
    .reply = &LOGIN_GRANTED,
    .errors = LOGIN_ERRORS,
};

static const struct field GRANTED_ROLES_FIELDS[] = {
    FIELD(struct granted_roles, roles, "roles", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Names with a blank between."),
};

static const struct descriptor GRANTED_ROLES = DESCRIPTOR(
    struct granted_roles, "GrantedRoles", GRANTED_ROLES_FIELDS, "What the caller may just now.");

static const struct operation_error CHECK_ERRORS[] = {
    {ST_UNAUTHENTICATED, "invalid_token", "The session of the access token has ended."},
    {ST_OK,              NULL,            NULL                                        },
};

const struct operation AUTH_CHECK = {
    .subject = "auth.check",
    .summary = "Whether the caller's session goes on",
    .reply = &GRANTED_ROLES,
    .idempotent = true,
    .internal = true,
    .access = {.kind = ACCESS_CALLER},
    .errors = CHECK_ERRORS,
};

static const struct field REFRESH_FORM_FIELDS[] = {
    FIELD(struct refresh_form, refresh_token, "refreshToken", FIELD_TEXT,
          FIELD_REQUIRED | FIELD_SECRET, .rule = &REFRESH_TOKEN_RULE,
          .doc = "The newest one of the session."),
};

static const struct descriptor REFRESH_FORM =
    DESCRIPTOR(struct refresh_form, "RefreshRequest", REFRESH_FORM_FIELDS,
               "What a client sends to stay logged in.");

static const struct operation_error REFRESH_ERRORS[] = {
    {ST_UNAUTHENTICATED, "invalid_token",      "The token is no newest one of a session that goes on."},
    {ST_CONFLICT,        "signup_pending",     "The signup is not finished yet; see Retry-After."     },
    {ST_CONFLICT,        "withdrawal_pending", "The account is being withdrawn; see Retry-After."     },
    {ST_OK,              NULL,                 NULL                                                   },
};

/* For ten seconds the same token gives the same successor, so it may be asked again. */
const struct operation AUTH_REFRESH = {
    .subject = "auth.refresh",
    .summary = "Change a refresh token for new tokens",
    .request = &REFRESH_FORM,
    .reply = &LOGIN_GRANTED,
    .idempotent = true,
    .errors = REFRESH_ERRORS,
};

static const struct field JWK_FIELDS[] = {
    FIELD(struct jwk, kty, "kty", FIELD_TEXT, FIELD_REQUIRED, .doc = "Always OKP."),
    FIELD(struct jwk, crv, "crv", FIELD_TEXT, FIELD_REQUIRED, .doc = "Always Ed25519."),
    FIELD(struct jwk, kid, "kid", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "The key's thumbprint (RFC 7638), as tokens name it."),
    FIELD(struct jwk, x, "x", FIELD_TEXT, FIELD_REQUIRED, .doc = "The public key, base64url."),
    FIELD(struct jwk, use, "use", FIELD_TEXT, FIELD_REQUIRED, .doc = "Always sig."),
    FIELD(struct jwk, alg, "alg", FIELD_TEXT, FIELD_REQUIRED, .doc = "Always EdDSA."),
};

static const struct descriptor JWK =
    DESCRIPTOR(struct jwk, "Jwk", JWK_FIELDS, "An Ed25519 public key (RFC 8037).");

static const struct field JWKS_FIELDS[] = {
    FIELD(struct jwks, keys, "keys", FIELD_LIST, FIELD_REQUIRED, .item = &JWK, .max = JWKS_MAX,
          .count_offset = offsetof(struct jwks, n_keys), .doc = "Every key that verifies."),
};

static const struct descriptor JWKS =
    DESCRIPTOR(struct jwks, "Jwks", JWKS_FIELDS, "The keys by which access tokens are checked.");

const struct operation AUTH_JWKS = {
    .subject = "auth.jwks",
    .summary = "The public keys of access tokens",
    .reply = &JWKS,
    .idempotent = true,
    .cacheable = true,
};

static const struct field ACCOUNT_EVENT_FIELDS[] = {
    FIELD(struct account_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose account it is."),
};

static const struct descriptor ACCOUNT_EVENT = DESCRIPTOR(
    struct account_event, "AccountEvent", ACCOUNT_EVENT_FIELDS, "An account it is about.");

const struct event_type AUTH_ACCOUNT_CREATED = {
    .name = "auth.account_created",
    .summary = "A login id is taken by a new account, locked until its signup is through",
    .data = &ACCOUNT_EVENT,
    .key = offsetof(struct account_event, user_id),
};

const struct event_type AUTH_ACCOUNT_ACTIVATED = {
    .name = "auth.account_activated",
    .summary = "A signup is through: its account can log in",
    .data = &ACCOUNT_EVENT,
    .key = offsetof(struct account_event, user_id),
};

const struct event_type AUTH_ACCOUNT_WITHDRAWN = {
    .name = "auth.account_withdrawn",
    .summary = "An account is gone for good, its login id free again",
    .data = &ACCOUNT_EVENT,
    .key = offsetof(struct account_event, user_id),
};

static const struct field SIGNUP_COMPENSATED_FIELDS[] = {
    FIELD(struct signup_compensated, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose account it was."),
    FIELD(struct signup_compensated, reason, "reason", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Why, as the progress of the signup says it: email_taken, deadline_exceeded ..."),
};

static const struct descriptor SIGNUP_COMPENSATED =
    DESCRIPTOR(struct signup_compensated, "SignupCompensated", SIGNUP_COMPENSATED_FIELDS,
               "A signup that came to nothing.");

const struct event_type AUTH_SIGNUP_COMPENSATED = {
    .name = "auth.signup_compensated",
    .summary = "A signup was undone: its account is gone, its login id free again",
    .data = &SIGNUP_COMPENSATED,
    .key = offsetof(struct signup_compensated, user_id),
};

/* clang-format off */
const struct event_type *const AUTH_EVENTS[] = {
    &AUTH_ACCOUNT_CREATED,
    &AUTH_ACCOUNT_ACTIVATED,
    &AUTH_SIGNUP_COMPENSATED,
    &AUTH_ACCOUNT_WITHDRAWN,
    &AUTH_SESSION_REUSED,
    &AUTH_SESSIONS_REVOKED,
    &AUTH_PASSWORD_CHANGED,
    &AUTH_ROLE_GRANTED,
    &AUTH_ROLE_REVOKED,
    NULL,
};
/* clang-format on */
