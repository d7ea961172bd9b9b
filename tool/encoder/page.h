/* page.h - lists come in pages: what a query embeds, and what a reply is. tool/page/cursor.h makes
 * and reads the cursors.
 *
 *   struct order_query { struct uuid user_id; struct page_query page; };
 *   struct order_page  { struct order_line items[PAGE_LIMIT_MAX]; size_t n_items;
 *                        char next_cursor[PAGE_CURSOR_MAX + 1]; };
 *
 *   FIELD(struct order_query, page, "", FIELD_INLINE, 0, .item = &PAGE_QUERY),
 *   const struct descriptor ORDER_PAGE =
 *       PAGE_OF(struct order_page, "OrderPage", &ORDER_LINE, "Orders, the newest first.");
 */
#ifndef TOOL_ENCODER_PAGE_H
#define TOOL_ENCODER_PAGE_H

#include "tool/core/page.h"
#include "tool/encoder/descriptor.h"

/** Of struct page_query: limit and cursor, both members of the URL's query. */
extern const struct descriptor PAGE_QUERY;

/* clang-format off */
/* {"items":[...],"nextCursor":"..."}, the cursor left out on the last page. items is an array of the
 * most there may be: a reply is allocated by the worker that fills it, so there are as many of them
 * as workers, not as requests that wait. */
#define PAGE_OF(type, name_, item_, doc_)                                                          \
    {.name = (name_), .doc = (doc_), .n_fields = 2, .size = sizeof(type),                          \
     .fields = (const struct field[]){                                                             \
         FIELD(type, items, "items", FIELD_LIST, FIELD_REQUIRED, .item = (item_),                  \
               .max = sizeof(((type *)0)->items) / sizeof(((type *)0)->items[0]),                  \
               .count_offset = offsetof(type, n_items), .doc = "At most as many as asked for."),   \
         FIELD(type, next_cursor, "nextCursor", FIELD_CURSOR, 0,                                   \
               .doc = "Where the next page goes on, asked with the other members as they were; "  \
                      "not there on the last page.")}}
/* The row every list has among its errors. */
#define PAGE_ERROR                                                                                 \
    {ST_INVALID, "cursor_mismatch", "The cursor is of this list asked with other members."}
/* clang-format on */

#endif
