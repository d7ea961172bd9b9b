/* profile_fuzz.c - any text as a name and as an e-mail address: what is accepted is compared in one
 * form, which stays what it is. */
#include <string.h>

#include "model/profile.h"
#include "tool/core/assert.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    char text[PROFILE_EMAIL_MAX + 1] = "", key[PROFILE_EMAIL_MAX + 1];
    char again[PROFILE_EMAIL_MAX + 1];
    size_t len = size < PROFILE_EMAIL_MAX ? size : PROFILE_EMAIL_MAX;

    memcpy(text, data, len);
    (void)PROFILE_NAME_RULE.outside(text);
    profile_email_key(text, key);
    ASSERT(strlen(key) <= PROFILE_EMAIL_MAX);
    if (!strchr(text, '@') || PROFILE_EMAIL_RULE.outside(text))
        return 0;
    profile_email_key(key, again);
    ASSERT(strcmp(key, again) == 0);
    return 0;
}
