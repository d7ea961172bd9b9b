/* json_check_fuzz.c - any body with path members put in front is still one good object. */
#include "tool/core/assert.h"
#include "tool/encoder/json_check.h"
#include "tool/encoder/json_check_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct json_member MEMBERS[] = {
        {.name = "userId", .value = "0197f3a0"},
        {.name = "a",      .value = "\"\\\n"  },
    };
    static char merged[64 * 1024];
    const char *json = (const char *)data;
    struct problem problem = {.status = ST_OK};
    struct json_out o;
    struct json_found a = {.name = "a"}, id = {.name = "userId"};

    json_out_init(&o, merged, sizeof(merged));
    bool good = json_check_object(json, size, &problem) == ST_OK;
    bool found = json_get_texts(json, size, &a, 1);
    bool ok = json_merge_members(json, size, MEMBERS, 2, &o, &problem);

    ASSERT(good || (!found && !ok));
    ASSERT(!(found && ok));
    if (ok && !o.overflow) {
        ASSERT(json_check_object(merged, o.len, &problem) == ST_OK);
        ASSERT(json_get_texts(merged, o.len, &id, 1));
    }
    return 0;
}
