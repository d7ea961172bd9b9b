/* password_guess_fuzz.c - any text as a password and any as what its owner is known by: it is worth
 * something or nothing, but no more than its letters. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/crypto/password_guess.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[65] = "", word[33] = ""; /* a longer one takes its time */
    const char *const words[] = {word, "kimcheolsu", NULL};
    size_t half = size / 2 < 32 ? size / 2 : 32;
    double bits;

    memcpy(word, data, half);
    memcpy(text, data + half, size - half < sizeof(text) ? size - half : sizeof(text) - 1);
    bits = password_guess_bits(text, words);
    ASSERT(bits >= 0 && bits <= 9.0 * (double)strlen(text));
    ASSERT(password_strength_bits(text, words) <= 9.0 * 3 * (double)strlen(text));
    return 0;
}
