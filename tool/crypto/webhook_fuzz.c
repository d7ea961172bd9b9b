/* webhook_fuzz.c - signatures as strangers write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/crypto/webhook.h"

enum { AT = 1767225600 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *signature = malloc(size + 1);

    memcpy(signature, data, size);
    signature[size] = '\0';
    /* Nobody guesses 256 bits. */
    ASSERT(!webhook_is_signed("a secret that is in no corpus", signature, "{}", 2, AT));
    free(signature);
    return 0;
}
