/* stored_message_fuzz.c - any text as base64, any bytes as headers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/ctl/stored_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = mem_alloc(1, size + 1), *bytes;
    json_t *headers;
    size_t len;

    memcpy(text, data, size);
    bytes = stored_bytes(text, &len);
    if (bytes)
        ASSERT(len <= strlen(text) / 4 * 3 && bytes[len] == '\0');
    free(bytes);
    headers = stored_headers((const char *)data, size);
    ASSERT(json_is_object(headers));
    json_decref(headers);
    free(text);
    return 0;
}
