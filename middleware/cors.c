/* cors.c - see cors.h. */
#include "middleware/cors.h"

const char *cors_allows(const struct cors *cors, const char *origin)
{
    if (word_list_has(&cors->origins, "*"))
        return "*";
    return word_list_has(&cors->origins, origin) ? origin : NULL;
}
