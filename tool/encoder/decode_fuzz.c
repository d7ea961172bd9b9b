/* decode_fuzz.c - any bytes into a struct; what is accepted survives being written and read again.
 */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/sample_test.h"
#include "tool/encoder/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct descriptor *const choices[] = {&SAMPLE, &SAMPLE_ITEM, &PROBLEM_BODY};
    static char first[16 * 1024], second[sizeof(first)], text[64 * 1024];
    const char *json = (const char *)data + 1;
    struct problem problem = {.status = ST_OK};
    struct json_out o;

    if (size == 0)
        return 0;
    const struct descriptor *d = choices[data[0] % ARRAY_LEN(choices)];
    ASSERT(d->size <= sizeof(first));
    decode_lenient(d, json, size - 1, second, &problem);
    problem = (struct problem){.status = ST_OK};
    if (decode(d, json, size - 1, first, &problem) != ST_OK) {
        ASSERT(problem.status == ST_INVALID && problem.detail[0] != '\0');
        return 0;
    }
    json_out_init(&o, text, sizeof(text));
    encode(d, first, &o);
    ASSERT(!o.overflow);
    ASSERT(decode(d, text, o.len, second, &problem) == ST_OK);
    ASSERT(memcmp(first, second, d->size) == 0);
    return 0;
}
