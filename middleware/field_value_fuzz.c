/* field_value_fuzz.c - header fields of anybody's, read exactly up to their end; what accepts a
 * word still does so with another one behind it. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/field_value.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exactly as long as it is: one byte too far is seen */
    char *more = mem_alloc(1, size + 4);
    const char *token;

    ASSERT(text);
    memcpy(text, data, size);
    text[size] = '\0';
    ASSERT(!field_is_json(text) || !field_is_merge_patch(text));
    token = field_bearer(text);
    ASSERT(!token || (token > text && token <= text + size));
    field_names_etag(text, "\"1\"");
    snprintf(more, size + 4, "%s, x", text);
    ASSERT(!field_accepts(text, "gzip") || field_accepts(more, "gzip"));
    free(more);
    free(text);
    return 0;
}
