/* book_report.h - the book as JSON. */
#ifndef CMD_PGSIM_BOOK_REPORT_H
#define CMD_PGSIM_BOOK_REPORT_H

#include "cmd/pgsim/book.h"
#include "tool/core/json_out.h"

/* Which operations, in their order. */
struct book_page {
    const char *key; /* only that one, and all of its authorization; NULL = all */
    size_t first;    /* entry of the book to begin with */
    size_t max;      /* at most so many */
};

/** {"items":[...]} */
void book_report_items(const struct book *book, const struct book_page *page, struct json_out *o);
/** {"operations":n,"captured":{"KRW":n},"refunded":{...},"authorizedOpen":{...}}: sums of what was
 * done by currency; open is an authorization that is neither captured nor voided. */
void book_report_summary(const struct book *book, struct json_out *o);

#endif
