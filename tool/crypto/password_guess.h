/* password_guess.h - what zxcvbn does not know: the person, other scripts, what is said twice.
 * Private to tool/crypto; pure; any thread. */
#ifndef TOOL_CRYPTO_PASSWORD_GUESS_H
#define TOOL_CRYPTO_PASSWORD_GUESS_H

#include "tool/crypto/password.h"
#include "tool/text/text.h"

enum { GUESS_BYTES_MAX = TEXT_FOLD_GROWTH * PASSWORD_BYTES_MAX };

/** Bits of the cheapest way to say text, of GUESS_BYTES_MAX bytes at most, case folded: by parts of
 * user_words (folded too, NULL-terminated), by common_words.txt, by saying again what was just
 * said, by runs of an alphabet, letter by letter. Of ASCII it knows less than zxcvbn: never below
 * it but for user_words. */
double password_guess_bits(const char *text, const char *const *user_words);

#endif
