/* refresh_token_fuzz.c - any text as a refresh token: refused, or read back as it was. */
#include <string.h>

#include "tool/core/assert.h"
#include "usecase/auth/refresh_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[256], again[REFRESH_TOKEN_LEN_MAX + 1];
    struct refresh_token token;

    if (size >= sizeof(text))
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (!refresh_token_parse(text, &token))
        return 0;
    refresh_token_text(&token, again);
    ASSERT(strcmp(text, again) == 0);
    return 0;
}
