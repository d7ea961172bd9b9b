/* cursor_fuzz.c - any text as a cursor: refused, unless it was sealed here. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/page/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct cursor_key KEY = {
        {1, 2, 3}
    };
    struct problem problem = {.status = ST_OK};
    struct call call = {.clock = &CLOCK_SYSTEM, .problem = &problem};
    struct page_query query = {.limit = PAGE_LIMIT};
    struct cursor place, again;
    bool is_set;

    if (size > PAGE_CURSOR_MAX)
        return 0;
    memcpy(query.cursor, data, size);
    if (cursor_open(&KEY, &call, &PAGE_QUERY, &query, &place, &is_set) != ST_OK) {
        ASSERT(is_set && problem.status == ST_INVALID);
        place = (struct cursor){.number = (int64_t)size};
        memcpy(place.text, data, size < CURSOR_TEXT_MAX ? size : CURSOR_TEXT_MAX);
    }
    cursor_seal(&KEY, &PAGE_QUERY, &query, &place, query.cursor);
    ASSERT(cursor_open(&KEY, &call, &PAGE_QUERY, &query, &again, &is_set) == ST_OK && is_set);
    ASSERT(strcmp(place.text, again.text) == 0 && place.number == again.number);
    return 0;
}
