/* auth_admin.c - what operators, and owners, ask of accounts; see auth.h. */
#include "protocol/auth.h"

static const struct field QUERY_FIELDS[] = {
    FIELD(struct account_query, login_id, "loginId", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &LOGIN_ID_RULE, .doc = "As signed up with, in either case."),
};

static const struct descriptor QUERY =
    DESCRIPTOR(struct account_query, "AccountQuery", QUERY_FIELDS, "Which account.");

static const struct field CHANGE_FIELDS[] = {
    FIELD(struct role_change, login_id, "loginId", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &LOGIN_ID_RULE, .doc = "As signed up with, in either case."),
    FIELD(struct role_change, role, "role", FIELD_ENUM, FIELD_REQUIRED, .names = ROLE_NAMES,
          .doc = "Which role."),
};

static const struct descriptor CHANGE =
    DESCRIPTOR(struct role_change, "RoleChange", CHANGE_FIELDS, "A role of an account.");

static const struct field VIEW_FIELDS[] = {
    FIELD(struct account_view, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .doc = "Its id."),
    FIELD(struct account_view, login_id, "loginId", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "The name to log in with."),
    FIELD(struct account_view, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = ACCOUNT_STATUS_NAMES, .doc = "Anything but ACTIVE: a saga holds it."),
    FIELD(struct account_view, roles, "roles", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "Names with a blank between."),
    FIELD(struct account_view, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was reserved."),
    FIELD(struct account_view, updated_us, "updatedAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it changed last."),
};

static const struct descriptor VIEW = DESCRIPTOR(struct account_view, "AccountView", VIEW_FIELDS,
                                                 "An account, without what it logs in by.");

static const struct operation_error ERRORS[] = {
    {ST_NOT_FOUND, "not_found", "No account has this login id."},
    {ST_OK,        NULL,        NULL                           },
};

static const struct field OWN_FIELDS[] = {
    FIELD(struct own_account_query, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose account; one's own."),
};

static const struct descriptor OWN = DESCRIPTOR(struct own_account_query, "AccountOwnQuery",
                                                OWN_FIELDS, "Which account: one's own.");

static const struct operation_error OWN_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "It is another's id, whether there is such a user or not."},
    {ST_NOT_FOUND, "not_found", "The account is gone."                                    },
    {ST_OK,        NULL,        NULL                                                      },
};

const struct operation AUTH_ACCOUNT = {
    .subject = "auth.account",
    .summary = "Look at one's account",
    .request = &OWN,
    .reply = &VIEW,
    .idempotent = true,
    .access = {.kind = ACCESS_OWNER, .offset = offsetof(struct own_account_query, user_id)},
    .errors = OWN_ERRORS,
};

/* clang-format off */
#define FOR_OPERATORS                                                                              \
    .reply = &VIEW, .idempotent = true, .internal = true,                                          \
    .access = {.kind = ACCESS_ROLE, .roles = "operator"}, .errors = ERRORS
/* clang-format on */

const struct operation AUTH_ADMIN_USER_GET = {.subject = "auth.admin.user.get",
                                              .summary = "Look at an account",
                                              .request = &QUERY,
                                              FOR_OPERATORS};
const struct operation AUTH_ADMIN_USER_GRANT = {.subject = "auth.admin.user.grant",
                                                .summary = "Grant an account a role",
                                                .request = &CHANGE,
                                                FOR_OPERATORS};
const struct operation AUTH_ADMIN_USER_REVOKE = {.subject = "auth.admin.user.revoke",
                                                 .summary = "Take a role away from an account",
                                                 .request = &CHANGE,
                                                 FOR_OPERATORS};
const struct operation AUTH_ADMIN_USER_LOGOUT = {.subject = "auth.admin.user.logout",
                                                 .summary = "End every session of an account",
                                                 .request = &QUERY,
                                                 FOR_OPERATORS};

static const struct field ROLE_EVENT_FIELDS[] = {
    FIELD(struct role_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose account it is."),
    FIELD(struct role_event, role, "role", FIELD_ENUM, FIELD_REQUIRED, .names = ROLE_NAMES,
          .doc = "Which role."),
};

static const struct descriptor ROLE_EVENT = DESCRIPTOR(
    struct role_event, "RoleEvent", ROLE_EVENT_FIELDS, "A role of an account that has changed.");

const struct event_type AUTH_ROLE_GRANTED = {
    .name = "auth.role_granted",
    .summary = "An operator granted an account a role that it did not have",
    .data = &ROLE_EVENT,
    .key = offsetof(struct role_event, user_id),
};

const struct event_type AUTH_ROLE_REVOKED = {
    .name = "auth.role_revoked",
    .summary = "An operator took a role away from an account",
    .data = &ROLE_EVENT,
    .key = offsetof(struct role_event, user_id),
};
