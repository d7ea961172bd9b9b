/* site_row.c - see site_row.h. */
#include "middleware/site_row.h"

#include "tool/core/mem.h"

#define AT(member)                                                                                 \
    .offset = offsetof(struct site_row, member), .size = sizeof(((struct site_row *)0)->member)

/* clang-format off */
static const struct route_option ROWS[] = {
    {.name = "cache", .kind = &ROUTE_CACHE, AT(cache), .min = 1, .max = SITE_FOR_EVER_S, .fallback = "private",
     .doc = "who may keep them: public,31536000, a year, says that they never change under their name"},
    {.name = "fallback", .kind = &ROUTE_FILE, AT(fallback),
     .doc = "what a browser gets that wants a page where no file and no route is"},
    {.name = "path", .kind = &ROUTE_FILE, AT(path), .fallback = "/",
     .doc = "under which they are; the longest of all rows counts"},
};
/* clang-format on */

const struct route_options SITE_OPTIONS = {ROWS, ARRAY_LEN(ROWS)};
