/* page.c - see page.h. */
#include "tool/encoder/page.h"

static const struct field PAGE_FIELDS[] = {
    FIELD(struct page_query, limit, "limit", FIELD_INT, FIELD_IN_QUERY, .min = 1,
          .max = PAGE_LIMIT_MAX, .fallback = PAGE_LIMIT, .doc = "How many at most."),
    FIELD(struct page_query, cursor, "cursor", FIELD_CURSOR, FIELD_IN_QUERY,
          .doc = "nextCursor of the page before; the first page without it."),
};

const struct descriptor PAGE_QUERY =
    DESCRIPTOR(struct page_query, "PageQuery", PAGE_FIELDS, "Which part of a list.");
