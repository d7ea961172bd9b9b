/* user.c - see user.h. */
#include "protocol/user.h"

#include "protocol/person.h"

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

static const struct field PROFILE_QUERY_FIELDS[] = {
    FIELD(struct profile_query, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose profile; one's own, or any for the role admin."),
};

static const struct descriptor PROFILE_QUERY =
    DESCRIPTOR(struct profile_query, "ProfileQuery", PROFILE_QUERY_FIELDS, "Which profile.");

/* The version is not here: it travels as the ETag. */
static const struct field PROFILE_FIELDS[] = {
    FIELD(struct profile, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .doc = "Whose it is."),
    FIELD(struct profile, person, "", FIELD_INLINE, 0, .item = &PERSON),
    FIELD(struct profile, created_us, "createdAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it was made."),
    FIELD(struct profile, updated_us, "updatedAt", FIELD_TIME, FIELD_REQUIRED,
          .doc = "When it changed last."),
};

static const struct descriptor PROFILE =
    DESCRIPTOR(struct profile, "Profile", PROFILE_FIELDS, "What a user tells about himself.");

static const struct operation_error GET_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden", "It is another's id, whether there is such a user or not."},
    {ST_NOT_FOUND, "not_found", "There is no such profile."                               },
    {ST_OK,        NULL,        NULL                                                      },
};

const struct operation USER_GET = {
    .subject = "user.get",
    .summary = "Read a profile",
    .request = &PROFILE_QUERY,
    .reply = &PROFILE,
    .idempotent = true,
    .access = {ACCESS_OWNER_OR_ROLE, "admin", offsetof(struct profile_query, user_id)},
    .errors = GET_ERRORS,
};

static const struct field PROFILE_EVENT_FIELDS[] = {
    FIELD(struct profile_event, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose profile it is."),
};

static const struct descriptor PROFILE_EVENT = DESCRIPTOR(
    struct profile_event, "ProfileEvent", PROFILE_EVENT_FIELDS, "A profile it is about.");

const struct event_type USER_PROFILE_REGISTERED = {
    .name = "user.profile_registered",
    .summary = "A profile was made",
    .data = &PROFILE_EVENT,
    .key = offsetof(struct profile_event, user_id),
};

const struct event_type USER_PROFILE_CANCELLED = {
    .name = "user.profile_cancelled",
    .summary = "A profile was unmade with the signup it belonged to",
    .data = &PROFILE_EVENT,
    .key = offsetof(struct profile_event, user_id),
};
