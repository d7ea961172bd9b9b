/* page.h - what every list is asked with: how many, and where to go on. A plain value. */
#ifndef TOOL_CORE_PAGE_H
#define TOOL_CORE_PAGE_H

#include <stdint.h>

enum { PAGE_LIMIT = 20, PAGE_LIMIT_MAX = 100, PAGE_CURSOR_MAX = 415 };

struct page_query {
    int64_t limit;                    /* 1 to PAGE_LIMIT_MAX */
    char cursor[PAGE_CURSOR_MAX + 1]; /* "" = from the start */
};

#endif
