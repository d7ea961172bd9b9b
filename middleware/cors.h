/* cors.h - which pages of other origins may ask and read answers (Fetch, 3.2), as a line of the
 * file of routes says it. Pure; any thread. */
#ifndef MIDDLEWARE_CORS_H
#define MIDDLEWARE_CORS_H

#include "middleware/route_name.h"
#include "middleware/word_list.h"

enum { CORS_MAX = 8, CORS_LIST_MAX = 1023 };

/* "cors NAME origins=https://shop.example,... credentials=yes max_age=600 headers=... exposes=..."
 */
struct cors {
    char name[ROUTE_NAME_MAX + 1]; /* first */
    struct word_list origins;      /* as browsers write them; "*" alone = all */
    struct word_list headers;      /* that pages may send, beside what the gateway looks at */
    struct word_list exposes;      /* that pages may read, beside what the gateway says */
    bool credentials;              /* cookies and the like may come along */
    int max_age_s;                 /* a preflight is good for so long */
    char allow_headers[CORS_LIST_MAX + 1], expose_headers[CORS_LIST_MAX + 1]; /* all, as fields */
};

/** What Access-Control-Allow-Origin says to that origin: itself, "*", or NULL: nothing. */
const char *cors_allows(const struct cors *cors, const char *origin);
#endif
