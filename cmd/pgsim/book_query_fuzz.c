/* book_query_fuzz.c - any text as a query: what is read has the form of keys and limits. */
#include <string.h>

#include "cmd/pgsim/book_query.h"
#include "tool/core/assert.h"

enum { QUERY_MAX = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[QUERY_MAX] = "";
    struct book_query query;

    memcpy(text, data, size < sizeof(text) ? size : sizeof(text) - 1);
    if (!book_query_read(text, &query))
        return 0;
    ASSERT(query.limit > 0);
    ASSERT(!query.key[0] || charge_is_key(query.key, strlen(query.key)));
    ASSERT(!query.after[0] || charge_is_key(query.after, strlen(query.after)));
    return 0;
}
