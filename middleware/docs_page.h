/* docs_page.h - the page behind GET /docs: shows /openapi.json, needs no other host or file. */
#ifndef MIDDLEWARE_DOCS_PAGE_H
#define MIDDLEWARE_DOCS_PAGE_H

#include <stddef.h>

enum { DOCS_PAGE_POLICY_MAX = 383 };

struct docs_page {
    const char *html; /* static; UTF-8, to be sent as "text/html; charset=utf-8" */
    size_t len;
    /* Its Content-Security-Policy: allows the page's own script and style by their hashes. */
    char policy[DOCS_PAGE_POLICY_MAX + 1];
};

void docs_page_init(struct docs_page *page);

#endif
