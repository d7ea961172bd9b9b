/* profile.h - what a user tells about himself. A plain value; owns nothing. */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum { PROFILE_NAME_BYTES_MAX = 256, PROFILE_EMAIL_MAX = 254, PROFILE_PHONE_RAW_MAX = 64 };

struct profile {
    struct uuid user_id;
    char name[PROFILE_NAME_BYTES_MAX + 1]; /* 1 to 64 code points */
    char email[PROFILE_EMAIL_MAX + 1];     /* as typed; unique without case */
    char phone[PROFILE_PHONE_RAW_MAX + 1]; /* stored normalised: optional +, 7 to 15 digits */
    int64_t version;                       /* from 1, raised by each change: the ETag */
    int64_t created_us, updated_us;
};

extern const struct rule PROFILE_NAME_RULE, PROFILE_EMAIL_RULE, PROFILE_PHONE_RULE;

/** The form in which e-mail addresses are compared: ASCII letters lower-cased. */
void profile_email_key(const char *email, char key[PROFILE_EMAIL_MAX + 1]);

#endif
