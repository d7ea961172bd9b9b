/* profile.h - what a user tells about himself, and what is asked of it. Plain values; own nothing.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include "tool/core/given.h"
#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum { PROFILE_NAME_BYTES_MAX = 256, PROFILE_EMAIL_MAX = 254, PROFILE_PHONE_RAW_MAX = 64 };

/* Part of whatever carries these: the form, the saga's data, the messages, the row. */
struct person {
    char name[PROFILE_NAME_BYTES_MAX + 1]; /* 1 to 64 code points */
    char email[PROFILE_EMAIL_MAX + 1];     /* as typed; unique without case */
    char phone[PROFILE_PHONE_RAW_MAX + 1]; /* stored normalised: optional +, 7 to 15 digits */
};

struct profile {
    struct uuid user_id;
    struct person person;
    struct uuid removal; /* the withdrawal that hides it from everybody; nil = none does */
    int64_t version;     /* from 1, raised by each change: the ETag */
    int64_t created_us, updated_us;
};

struct profile_query {
    struct uuid user_id;
};

/* What shall be another of a profile: a merge patch. */
struct profile_patch {
    struct uuid user_id;
    struct person person;
    struct given given;
};

/* auth -> user: make this profile. Idempotent by saga_id. */
struct profile_registration {
    struct uuid saga_id, user_id;
    struct person person;
};

/* auth -> user: undo it, or see that it never comes to be. */
struct profile_cancellation {
    struct uuid saga_id, user_id;
};

/* auth -> user: hide the profile of a withdrawal, show it again, erase it. Idempotent by saga_id.
 */
struct profile_removal {
    struct uuid saga_id, user_id;
};

enum registry_status {
    REGISTRY_REGISTERED,
    REGISTRY_CANCELLED, /* as if it had never been asked */
    REGISTRY_HIDDEN,
    REGISTRY_ERASED,
};
extern const char *const REGISTRY_STATUS_NAMES[]; /* "REGISTERED" ..., NULL */

struct registry_outcome {
    struct uuid user_id;
    int status; /* index into REGISTRY_STATUS_NAMES */
};

/* What has happened to a profile: nothing personal. */
struct profile_event {
    struct uuid user_id;
};

enum { PROFILE_MEMBERS_MAX = 31 };

struct profile_changed {
    struct uuid user_id;
    char members[PROFILE_MEMBERS_MAX + 1]; /* "name phone" */
};

extern const struct rule PROFILE_NAME_RULE, PROFILE_EMAIL_RULE, PROFILE_PHONE_RULE;

/** The form in which e-mail addresses are compared: before the @ full case folding in NFC, behind
 * it as IDNA has it (text_domain), so that neither case, nor keyboard, nor xn-- makes two of one.
 * One that is too long in that form, as no accepted address is, only has its ASCII letters
 * lower-cased.
 */
void profile_email_key(const char *email, char key[PROFILE_EMAIL_MAX + 1]);

#endif
