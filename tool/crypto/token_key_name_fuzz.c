/* token_key_name_fuzz.c - any text as a key file's name: a time that is read is one that can be
 * written again. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/crypto/token_key_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { STAMP_LEN = 16 };
    char text[64] = "", made[TOKEN_KEY_NAME_LEN + 1];
    int64_t begins_s;

    memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
    begins_s = token_key_name_begins_s(text);
    ASSERT(begins_s >= 0 && (begins_s == 0 || token_key_name_is(text)));
    if (begins_s > 0)
        ASSERT(memcmp(token_key_name_make(begins_s, "AAAAAAAA", made), text, STAMP_LEN) == 0);
    return 0;
}
