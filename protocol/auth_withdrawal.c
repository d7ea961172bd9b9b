/* auth_withdrawal.c - how an account is given up; see auth.h. */
#include "protocol/auth.h"

static const struct field FORM_FIELDS[] = {
    FIELD(struct withdrawal_form, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose account; one's own."),
};

static const struct descriptor FORM =
    DESCRIPTOR(struct withdrawal_form, "WithdrawalRequest", FORM_FIELDS, "Which account.");

static const struct field ACCEPTED_FIELDS[] = {
    FIELD(struct withdrawal_accepted, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Under which the progress can be asked for; a secret between you and us."),
    FIELD(struct withdrawal_accepted, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = WITHDRAWAL_STATUS_NAMES,
          .doc = "WITHDRAWN once account and profile are gone; PENDING: until then, or undone."),
};

static const struct descriptor ACCEPTED = DESCRIPTOR(
    struct withdrawal_accepted, "WithdrawalAccepted", ACCEPTED_FIELDS, "A withdrawal under way.");

static const struct operation_error WITHDRAW_ERRORS[] = {
    {ST_NOT_FOUND,   "not_found",              "There is no such account any more."              },
    {ST_CONFLICT,    "signup_pending",         "The signup is not finished yet; see Retry-After."},
    {ST_CONFLICT,    "withdrawal_pending",
     "It is under way, since so long that its sagaId is forgotten."                              },
    {ST_UNAVAILABLE, "withdrawal_compensated",
     "With Prefer: wait: it could not be done, and was undone."                                  },
    {ST_OK,          NULL,                     NULL                                              },
};

/* Asked again while it is under way it is the same withdrawal. */
const struct operation AUTH_WITHDRAW = {
    .subject = "auth.withdraw",
    .summary = "Give up an account",
    .request = &FORM,
    .reply = &ACCEPTED,
    .idempotent = true,
    .waits = true,
    .fresh = true,
    .access = {ACCESS_OWNER, NULL, offsetof(struct withdrawal_form, user_id)},
    .errors = WITHDRAW_ERRORS,
};

static const struct field PROGRESS_FIELDS[] = {
    SAGA_VIEW_FIELDS("userId", "The account it is about."),
};

static const struct descriptor PROGRESS = DESCRIPTOR(
    struct saga_view, "WithdrawalProgress", PROGRESS_FIELDS, "How far a withdrawal has come.");

const struct operation AUTH_WITHDRAW_STATUS = {
    .subject = "auth.withdraw.status",
    .summary = "Follow a withdrawal",
    .request = &SAGA_QUERY,
    .reply = &PROGRESS,
    .idempotent = true,
    .errors = SAGA_PROGRESS_ERRORS,
};
