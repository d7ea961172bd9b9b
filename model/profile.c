/* profile.c - see profile.h. */
#include "model/profile.h"

#include <stddef.h>

const char *const REGISTRY_STATUS_NAMES[] = {"REGISTERED", "CANCELLED", "HIDDEN", "ERASED", NULL};

/* What people put between digits is theirs; what is stored dials. */
static void strip_separators(char *text)
{
    char *to = text;

    for (; *text != '\0'; text++)
        if (*text != ' ' && *text != '-')
            *to++ = *text;
    *to = '\0';
}

void profile_email_key(const char *email, char key[PROFILE_EMAIL_MAX + 1])
{
    size_t i;

    for (i = 0; i < PROFILE_EMAIL_MAX && email[i] != '\0'; i++)
        key[i] = email[i] >= 'A' && email[i] <= 'Z' ? (char)(email[i] - 'A' + 'a') : email[i];
    key[i] = '\0';
}

const struct rule PROFILE_NAME_RULE = {
    .min = 1,
    .max = 64,
    .reason = "must be 1 to 64 characters",
    .example = "Alice",
};

/* Only what every address has: whether it can receive anything, only a message to it can tell. */
const struct rule PROFILE_EMAIL_RULE = {
    .min = 3,
    .max = PROFILE_EMAIL_MAX,
    .unit = RULE_BYTES,
    .pattern = "^[^@ ]+@[^@ ]+$",
    .format = "email",
    .reason = "must be an address of 3 to 254 bytes with one @, something on both sides, no spaces",
    .example = "alice@example.org",
};

const struct rule PROFILE_PHONE_RULE = {
    .min = 7,
    .max = PROFILE_PHONE_RAW_MAX,
    .pattern = "^\\+?[0-9]([ -]*[0-9]){6,14}$",
    .reason = "must be 7 to 15 digits, with an optional + in front, spaces and - between",
    .example = "+82 10-1234-5678",
    .normalise = strip_separators,
};
