/* auth_password.c - how an account gets another password; see auth.h. */
#include "protocol/auth.h"

static const struct field FORM_FIELDS[] = {
    FIELD(struct password_form, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose account; one's own."),
    FIELD(struct password_form, current_password, "currentPassword", FIELD_TEXT,
          FIELD_REQUIRED | FIELD_SECRET, .rule = &PASSWORD_GIVEN_RULE,
          .doc = "The one that is good until now."),
    FIELD(struct password_form, new_password, "newPassword", FIELD_TEXT,
          FIELD_REQUIRED | FIELD_SECRET, .rule = &PASSWORD_RULE,
          .doc = "Not one that is guessed easily."),
};

static const struct descriptor FORM =
    DESCRIPTOR(struct password_form, "PasswordChange", FORM_FIELDS,
               "What a person sends to have another password.");

static const struct operation_error ERRORS[] = {
    {ST_UNAUTHENTICATED, "invalid_credentials", "The current password is wrong."                    },
    {ST_NOT_FOUND,       "not_found",           "There is no such account any more."                },
    {ST_CONFLICT,        "signup_pending",      "The signup is not finished yet; see Retry-After."  },
    {ST_CONFLICT,        "withdrawal_pending",  "The account is being given up; see Retry-After."   },
    {ST_LIMITED,         "too_many_attempts",   "Too many wrong current passwords; see Retry-After."},
    {ST_OK,              NULL,                  NULL                                                },
};

const struct operation AUTH_PASSWORD = {
    .subject = "auth.password",
    .summary = "Change a password; every session ends",
    .request = &FORM,
    .fresh = true,
    .access = {ACCESS_OWNER, NULL, offsetof(struct password_form, user_id)},
    .errors = ERRORS,
};

static const struct field CHANGED_FIELDS[] = {
    FIELD(struct account_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose account it is."),
};

static const struct descriptor CHANGED =
    DESCRIPTOR(struct account_event, "PasswordChanged", CHANGED_FIELDS,
               "An account that has another password.");

const struct event_type AUTH_PASSWORD_CHANGED = {
    .name = "auth.password_changed",
    .summary = "An account has another password; its sessions are over",
    .data = &CHANGED,
    .key = offsetof(struct account_event, user_id),
};
