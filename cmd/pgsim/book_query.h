/* book_query.h - the query of GET /v1/book: "key=KEY&after=KEY&limit=100". Pure. */
#ifndef CMD_PGSIM_BOOK_QUERY_H
#define CMD_PGSIM_BOOK_QUERY_H

#include "cmd/pgsim/charge.h"

struct book_query {
    char key[CHARGE_KEY_MAX + 1];   /* "" = all */
    char after[CHARGE_KEY_MAX + 1]; /* what comes after that one; "" = from the first */
    int64_t limit;                  /* at least 1; BOOK_QUERY_ALL = no limit */
};

#define BOOK_QUERY_ALL INT64_MAX

/** query: behind '?', raw; NULL = none. False: something else is in it, or a member twice. */
bool book_query_read(const char *query, struct book_query *out);

#endif
