/* problem_json_fuzz.c - any body of an error reply becomes a problem that can be passed on. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/encoder/descriptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[64 * 1024];
    struct problem first, second;
    struct json_out o;
    int http = size > 0 ? 400 + data[0] : 500;

    memset(&first, 0xa5, sizeof(first));
    decode_problem((const char *)data, size, http, &first);
    ASSERT(first.status != ST_OK && first.code[0] != '\0');
    json_out_init(&o, text, sizeof(text));
    encode_problem(&first, NULL, NULL, &o);
    ASSERT(!o.overflow);
    decode_problem(text, o.len, status_http(first.status), &second);
    ASSERT(strcmp(first.code, second.code) == 0 && strcmp(first.detail, second.detail) == 0);
    ASSERT(first.n_errors == second.n_errors);
    return 0;
}
