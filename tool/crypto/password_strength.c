/* password_strength.c - how hard a password is to guess. */
#include <string.h>
#include <zxcvbn.h>

#include "tool/crypto/password.h"
#include "tool/crypto/password_guess.h"
#include "tool/text/text.h"

/* Debian's library keeps its dictionary in read-only data and has no other state: any thread. */
double password_strength_bits(const char *password, const char *const *user_words)
{
    char opaque[PASSWORD_BYTES_MAX + 1], folded[GUESS_BYTES_MAX + 1];
    double bits = 0, guessed;

    /* Its time grows with the square of the length. */
    if (text_opaque(password, opaque, sizeof(opaque)) &&
        text_fold(opaque, folded, sizeof(folded))) {
        /* The words are only read; the library's prototype misses a const. */
        bits = ZxcvbnMatch(opaque, (const char **)(uintptr_t)user_words, NULL);
        guessed = password_guess_bits(folded, user_words);
        bits = guessed < bits ? guessed : bits;
    }
    explicit_bzero(opaque, sizeof(opaque));
    explicit_bzero(folded, sizeof(folded));
    return bits;
}
