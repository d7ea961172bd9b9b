/* header_check_fuzz.c - any bytes as a head: no crash, and a verdict that is one of four. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/http/header_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Method, then fields: each a line "name:value". */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = text + size;
    struct header_check check;
    int status;

    header_check_begin(&check, "POST", size % 2 ? "HTTP/1.1" : "HTTP/1.0");
    while (text < end) {
        const char *eol = memchr(text, '\n', (size_t)(end - text));
        const char *stop = eol ? eol : end;
        const char *colon = memchr(text, ':', (size_t)(stop - text));

        if (colon)
            header_check_field(&check, text, (size_t)(colon - text), colon + 1,
                               (size_t)(stop - colon - 1));
        text = eol ? eol + 1 : end;
    }
    status = header_check_end(&check);
    ASSERT(status == 0 || status == 400 || status == 417 || status == 501);
    ASSERT(status == 0 || check.why);
    ASSERT(status != 0 || !(check.chunked && check.lengths));
    return 0;
}
