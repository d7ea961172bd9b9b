/* patch_fuzz.c - any bytes as a merge patch: put in once, it changes nothing the second time. */
#include "tool/encoder/patch.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch_sample_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char BEFORE[] = "{" ID ",\"name\":\"a\",\"price\":5,\"stock\":null}";
    struct problem problem = {.status = ST_OK};
    struct item item, again;
    struct item_patch patch, copy;
    char text[1024];
    struct json_out o;

    if (decode(&PATCH, (const char *)data, size, &patch, &problem) != ST_OK)
        return 0;
    json_out_init(&o, text, sizeof(text));
    encode(&PATCH, &patch, &o);
    ASSERT(!o.overflow && decode(&PATCH, text, o.len, &copy, &problem) == ST_OK);
    ASSERT(memcmp(&patch, &copy, sizeof(patch)) == 0);

    ASSERT(decode(&ITEM, BEFORE, strlen(BEFORE), &item, &problem) == ST_OK);
    patch_apply(&PATCH, &patch, &ITEM, &item);
    ASSERT(!patch_apply(&PATCH, &patch, &ITEM, &item));
    json_out_init(&o, text, sizeof(text));
    encode(&ITEM, &item, &o);
    /* A first patch of a size may have left its width out: that is the domain's to refuse. */
    ASSERT(!o.overflow);
    if (decode(&ITEM, text, o.len, &again, &problem) == ST_OK)
        ASSERT(again.price == item.price && again.given.null == item.given.null);
    return 0;
}
