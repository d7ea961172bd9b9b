/* user.c - what people ask of profiles, and what happens to them; see user.h. */
#include "protocol/user.h"

#include "protocol/person.h"

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

/* No Idempotency-Key: the same patch twice is the patch once, and a kept reply would hold the
 * person. */
static const struct field PATCH_FIELDS[] = {
    FIELD(struct profile_patch, user_id, "userId", FIELD_UUID, FIELD_REQUIRED | FIELD_IN_PATH,
          .doc = "Whose profile; one's own, or any for the role admin."),
    FIELD(struct profile_patch, person, "", FIELD_INLINE, 0, .item = &PERSON),
};

static const struct descriptor PATCH =
    PATCH_OF(struct profile_patch, "ProfilePatch", PATCH_FIELDS, "What is to be another.");

static const struct operation_error UPDATE_ERRORS[] = {
    {ST_FORBIDDEN, "forbidden",           "It is another's id, whether there is such a user or not."},
    {ST_NOT_FOUND, "not_found",           "There is no such profile."                               },
    {ST_CONFLICT,  "email_taken",         "The e-mail belongs to another profile."                  },
    {ST_STALE,     "precondition_failed", "It is another version than If-Match names."              },
    {ST_OK,        NULL,                  NULL                                                      },
};

const struct operation USER_UPDATE = {
    .subject = "user.update",
    .summary = "Change a profile",
    .request = &PATCH,
    .reply = &PROFILE,
    .access = {ACCESS_OWNER_OR_ROLE, "admin", offsetof(struct profile_patch, user_id)},
    .errors = UPDATE_ERRORS,
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

static const struct field PROFILE_CHANGED_FIELDS[] = {
    FIELD(struct profile_changed, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Whose profile it is."),
    FIELD(struct profile_changed, members, "members", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "What is another now, not what it is: names of members with a blank between."),
};

static const struct descriptor PROFILE_CHANGED =
    DESCRIPTOR(struct profile_changed, "ProfileChanged", PROFILE_CHANGED_FIELDS,
               "A profile that is another one now.");

const struct event_type USER_PROFILE_CHANGED = {
    .name = "user.profile_changed",
    .summary = "A profile was changed",
    .data = &PROFILE_CHANGED,
    .key = offsetof(struct profile_changed, user_id),
};

const struct event_type USER_PROFILE_REMOVED = {
    .name = "user.profile_removed",
    .summary = "A profile is gone for good, with the account it belonged to",
    .data = &PROFILE_EVENT,
    .key = offsetof(struct profile_event, user_id),
};

/* clang-format off */
const struct event_type *const USER_EVENTS[] = {
    &USER_PROFILE_REGISTERED,
    &USER_PROFILE_CANCELLED,
    &USER_PROFILE_CHANGED,
    &USER_PROFILE_REMOVED,
    NULL,
};
/* clang-format on */
