/* password_strength.c - how hard a password is to guess. */
#include <string.h>
#include <zxcvbn.h>

#include "tool/core/assert.h"
#include "tool/crypto/password.h"

/* Debian's library keeps its dictionary in read-only data and has no other state: any thread. */
double password_strength_bits(const char *password, const char *const *user_words)
{
    /* Its time grows with the square of the length. */
    ASSERT(strlen(password) <= PASSWORD_BYTES_MAX);
    /* The words are only read; the library's prototype misses a const. */
    return ZxcvbnMatch(password, (const char **)(uintptr_t)user_words, NULL);
}
