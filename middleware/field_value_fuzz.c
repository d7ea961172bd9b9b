/* field_value_fuzz.c - header fields of anybody's, read exactly up to their end. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/field_value.h"
#include "tool/core/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exactly as long as it is: one byte too far is seen */
    const char *token;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    ASSERT(!field_is_json(text) || !field_is_merge_patch(text));
    token = field_bearer(text);
    ASSERT(!token || (token > text && token <= text + size));
    field_names_etag(text, "\"1\"");
    ASSERT(!field_accepts_events(text) || size >= strlen("text/event-stream"));
    free(text);
    return 0;
}
