/* profile.c - see profile.h. */
#include "model/profile.h"

#include <stddef.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/text/text.h"

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

/* False: it has no @, or does not fit. */
static bool compared(const char *email, char key[PROFILE_EMAIL_MAX + 1])
{
    const char *at = strrchr(email, '@');
    char local[PROFILE_EMAIL_MAX + 1];
    size_t size = PROFILE_EMAIL_MAX + 1, used;

    if (!at || !TEXT_COPY(local, email))
        return false;
    local[at - email] = '\0';
    if (!text_fold(local, key, size))
        return false;
    used = strlen(key);
    if (used + 1 >= size)
        return false;
    key[used++] = '@';
    return text_domain(at + 1, key + used, size - used);
}

void profile_email_key(const char *email, char key[PROFILE_EMAIL_MAX + 1])
{
    size_t i;

    if (compared(email, key))
        return;
    for (i = 0; i < PROFILE_EMAIL_MAX && email[i] != '\0'; i++)
        key[i] = email[i] >= 'A' && email[i] <= 'Z' ? (char)(email[i] - 'A' + 'a') : email[i];
    key[i] = '\0';
}

static const char *unreadable_name(const char *name)
{
    unsigned kinds = text_kinds(name, strlen(name));

    if (kinds & TEXT_FORBIDDEN)
        return "must not hold line separators, direction overrides or noncharacters";
    return kinds & TEXT_SEEN ? NULL : "must have a character that can be seen";
}

/* Two that look the same are one, or none. */
static const char *unreadable_email(const char *email)
{
    const char *domain = strchr(email, '@') + 1;
    unsigned before = text_kinds(email, (size_t)(domain - 1 - email));
    unsigned behind = text_kinds(domain, strlen(domain));
    char key[PROFILE_EMAIL_MAX + 1];

    if ((before | behind) & (TEXT_FORBIDDEN | TEXT_SPACE | TEXT_UNSEEN | TEXT_UNASSIGNED))
        return "must not hold spaces, characters that cannot be seen, or unassigned ones";
    if (!(before & behind & TEXT_SEEN))
        return "must have characters that can be seen on both sides of the @";
    return compared(email, key) ? NULL : "must be at most 254 bytes, its domain counted in ASCII";
}

const struct rule PROFILE_NAME_RULE = {
    .min = 1,
    .max = 64,
    .reason = "must be 1 to 64 characters",
    .example = "Alice",
    .outside = unreadable_name,
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
    .outside = unreadable_email,
};

const struct rule PROFILE_PHONE_RULE = {
    .min = 7,
    .max = PROFILE_PHONE_RAW_MAX,
    .pattern = "^\\+?[0-9]([ -]*[0-9]){6,14}$",
    .reason = "must be 7 to 15 digits, with an optional + in front, spaces and - between",
    .example = "+82 10-1234-5678",
    .normalise = strip_separators,
};
