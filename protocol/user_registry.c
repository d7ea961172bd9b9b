/* user_registry.c - what sagas ask of profiles; see user.h. */
#include "protocol/person.h"
#include "protocol/user.h"

static const struct field REGISTRATION_FIELDS[] = {
    FIELD(struct profile_registration, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The key of idempotency."),
    FIELD(struct profile_registration, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose profile it is."),
    FIELD(struct profile_registration, person, "", FIELD_INLINE, 0, .item = &PERSON),
};

static const struct descriptor REGISTRATION =
    DESCRIPTOR(struct profile_registration, "ProfileRegistration", REGISTRATION_FIELDS,
               "A profile to be made, once for a saga.");

static const struct field OUTCOME_FIELDS[] = {
    FIELD(struct registry_outcome, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose profile it is."),
    FIELD(struct registry_outcome, status, "status", FIELD_ENUM, FIELD_REQUIRED,
          .names = REGISTRY_STATUS_NAMES, .doc = "What is now so."),
};

static const struct descriptor OUTCOME = DESCRIPTOR(
    struct registry_outcome, "RegistryOutcome", OUTCOME_FIELDS, "What the registry made of it.");

static const struct operation_error REGISTRY_ERRORS[] = {
    {ST_CONFLICT, "email_taken", "The e-mail belongs to another profile." },
    {ST_CONFLICT, "cancelled",   "The saga's cancellation was here first."},
    {ST_OK,       NULL,          NULL                                     },
};

const struct operation USER_REGISTRY = {
    .subject = "user.registry",
    .summary = "Make the profile of a signup",
    .request = &REGISTRATION,
    .reply = &OUTCOME,
    .idempotent = true,
    .internal = true,
    .errors = REGISTRY_ERRORS,
};

static const struct field CANCELLATION_FIELDS[] = {
    FIELD(struct profile_cancellation, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The saga that is undone."),
    FIELD(struct profile_cancellation, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose profile it is."),
};

static const struct descriptor CANCELLATION =
    DESCRIPTOR(struct profile_cancellation, "ProfileCancellation", CANCELLATION_FIELDS,
               "A profile to be unmade, or never to be made.");

const struct operation USER_REGISTRY_CANCEL = {
    .subject = "user.registry.cancel",
    .summary = "Undo the profile of a signup, also before it is there",
    .request = &CANCELLATION,
    .reply = &OUTCOME,
    .idempotent = true,
    .internal = true,
};

static const struct field REMOVAL_FIELDS[] = {
    FIELD(struct profile_removal, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "The withdrawal: the key of idempotency."),
    FIELD(struct profile_removal, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose profile it is."),
};

static const struct descriptor REMOVAL = DESCRIPTOR(
    struct profile_removal, "ProfileRemoval", REMOVAL_FIELDS, "A profile that is to be no more.");

static const struct operation_error REMOVE_ERRORS[] = {
    {ST_CONFLICT, "withdrawal_pending", "Another withdrawal removes the profile."},
    {ST_CONFLICT, "cancelled",          "The saga's cancellation was here first."},
    {ST_OK,       NULL,                 NULL                                     },
};

const struct operation USER_REMOVE = {
    .subject = "user.remove",
    .summary = "Hide the profile of a withdrawal; its e-mail stays taken",
    .request = &REMOVAL,
    .reply = &OUTCOME,
    .idempotent = true,
    .internal = true,
    .errors = REMOVE_ERRORS,
};

const struct operation USER_REMOVE_CANCEL = {
    .subject = "user.remove.cancel",
    .summary = "Show the profile of a withdrawal again, or see that it is never hidden",
    .request = &REMOVAL,
    .reply = &OUTCOME,
    .idempotent = true,
    .internal = true,
};

const struct operation USER_ERASE = {
    .subject = "user.erase",
    .summary = "Erase the profile of a withdrawal",
    .request = &REMOVAL,
    .reply = &OUTCOME,
    .idempotent = true,
    .internal = true,
};
