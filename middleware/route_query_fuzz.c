/* route_query_fuzz.c - any bytes as a query: what is read is a JSON object, each member once. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route_query.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/json_check_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct asked {
    int64_t n;
    bool on;
    char text[8];
};

static const struct field FIELDS[] = {
    FIELD(struct asked, n, "n", FIELD_INT, FIELD_IN_QUERY, .doc = "A number."),
    FIELD(struct asked, on, "on", FIELD_BOOL, FIELD_IN_QUERY, .doc = "Or off."),
    FIELD(struct asked, text, "t", FIELD_TEXT, FIELD_IN_QUERY, .doc = "A text."),
};

static const struct descriptor ASKED = DESCRIPTOR(struct asked, "Asked", FIELDS, "");

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *raw = mem_alloc(1, size + 1), *json = mem_alloc(6, size + 64);
    struct problem problem = {.status = ST_OK};
    struct route_query query;
    struct json_out o;

    if (size > 0)
        memcpy(raw, data, size);
    json_out_init(&o, json, 6 * (size + 64));
    if (route_query_read(&query, &ASKED, raw, &problem) == ST_OK) {
        json_out_open(&o, '{');
        json_write_members(query.members, query.n, &o);
        json_out_close(&o, '}');
        ASSERT(!o.overflow && json_check_object(json, o.len, &problem) == ST_OK);
    } else {
        ASSERT(problem.n_errors > 0);
    }
    route_query_fini(&query);
    free(json);
    free(raw);
    return 0;
}
