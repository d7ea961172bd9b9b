/* auth_keys.c - what operators ask of the keys that sign; see auth.h. */
#include "protocol/auth.h"

static const struct field KEY_FIELDS[] = {
    FIELD(struct signing_key, kid, "kid", FIELD_TEXT, FIELD_REQUIRED,
          .doc = "As its tokens name it."),
    FIELD(struct signing_key, state, "state", FIELD_ENUM, FIELD_REQUIRED,
          .names = SIGNING_KEY_STATE_NAMES,
          .doc = "TO_COME: it is published and does not sign yet; OVER: no token of it is left."),
    FIELD(struct signing_key, begins_us, "beginsAt", FIELD_TIME, 0,
          .doc = "When it begins to sign, or began."),
    FIELD(struct signing_key, over_us, "overAt", FIELD_TIME, 0,
          .doc = "Of one that was followed: when no token of it is left."),
};

static const struct descriptor KEY =
    DESCRIPTOR(struct signing_key, "SigningKey", KEY_FIELDS, "A key that signs access tokens.");

static const struct field LIST_FIELDS[] = {
    FIELD(struct signing_keys, keys, "keys", FIELD_LIST, FIELD_REQUIRED, .item = &KEY,
          .max = SIGNING_KEYS_MAX, .count_offset = offsetof(struct signing_keys, n_keys),
          .doc = "The newest first."),
    FIELD(struct signing_keys, now_us, "now", FIELD_TIME, FIELD_REQUIRED,
          .doc = "The time by this instance's clock."),
    FIELD(struct signing_keys, trouble, "trouble", FIELD_TEXT, 0,
          .doc = "Why this instance does not follow its folder: these are the keys of before."),
};

static const struct descriptor LIST =
    DESCRIPTOR(struct signing_keys, "SigningKeys", LIST_FIELDS, "The keys of an instance.");

static const struct field ROTATION_FIELDS[] = {
    FIELD(struct signing_key_rotation, now, "now", FIELD_BOOL, 0,
          .doc = "Whether it signs as soon as the instances have it."),
    FIELD(struct signing_key_rotation, leaked, "leaked", FIELD_BOOL, 0,
          .doc = "Whether the other keys are removed, and their tokens count no more."),
};

static const struct descriptor ROTATION = DESCRIPTOR(
    struct signing_key_rotation, "SigningKeyRotation", ROTATION_FIELDS, "A new key that signs.");

static const struct operation_error ROTATION_ERRORS[] = {
    {ST_CONFLICT, "key_waits",   "Another key waits for its time already."             },
    {ST_CONFLICT, "keys_full",   "There are as many keys as there may be."             },
    {ST_CONFLICT, "keys_closed", "The folder of keys cannot be changed by the service."},
    {ST_OK,       NULL,          NULL                                                  },
};

#define OPERATOR                                                                                   \
    {                                                                                              \
        .kind = ACCESS_ROLE, .roles = "operator"                                                   \
    }

const struct operation AUTH_ADMIN_KEYS_LIST = {
    .subject = "auth.admin.keys.list",
    .summary = "The keys that sign access tokens, as each instance sees them",
    .reply = &LIST,
    .idempotent = true,
    .internal = true,
    .access = OPERATOR,
};

const struct operation AUTH_ADMIN_KEYS_ROTATE = {
    .subject = "auth.admin.keys.rotate",
    .summary = "Make a key that is published now and signs later",
    .request = &ROTATION,
    .reply = &KEY,
    .idempotent = true, /* a key that waits for its time is enough */
    .internal = true,
    .access = OPERATOR,
    .errors = ROTATION_ERRORS,
};
