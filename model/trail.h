/* trail.h - what has happened to an account, as the audit service keeps and tells it. Plain values.
 */
#ifndef MODEL_TRAIL_H
#define MODEL_TRAIL_H

#include <stddef.h>

#include "tool/core/page.h"
#include "tool/core/uuid.h"

enum { TRAIL_TYPE_MAX = 63, TRAIL_SOURCE_MAX = 63, TRAIL_DATA_MAX = 1023 };

/* An event. */
struct trail_entry {
    struct uuid event_id;
    struct uuid user_id;
    int64_t place_us; /* its place in the line: time_us, or later where it was said by the same
                         service after one that has a later place already */
    char source[TRAIL_SOURCE_MAX + 1]; /* who said it: "/hanok/auth" */
    char type[TRAIL_TYPE_MAX + 1];     /* "auth.account_created" */
    int64_t time_us;                   /* when it happened, by the clock of who said it */
    char data[TRAIL_DATA_MAX + 1];     /* a JSON object, as it was said */
};

struct trail_query {
    struct uuid user_id;
    struct page_query page;
};

struct trail_page {
    struct trail_entry items[PAGE_LIMIT_MAX]; /* the oldest first */
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

#endif
