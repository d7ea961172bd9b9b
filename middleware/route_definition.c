/* route_definition.c - see route_definition.h. */
#include "middleware/route_definition.h"

#include <string.h>

#include "middleware/cors_option.h"
#include "middleware/site_row.h"

#define ALL_OF(array)                                                                              \
    .offset = offsetof(struct route_table, array),                                                 \
    .size = sizeof(((struct route_table *)0)->array[0]),                                           \
    .max = sizeof(((struct route_table *)0)->array) / sizeof(((struct route_table *)0)->array[0]), \
    .n_offset = offsetof(struct route_table, n_##array)

/* clang-format off */
const struct route_definition ROUTE_DEFINITION_ROWS[ROUTE_DEFINITIONS] = {
    {.word = "cors", .options = &CORS_OPTIONS, ALL_OF(cors), .route_offset = offsetof(struct route, cors), .settle = cors_settle,
     .doc = "A row a name for routes with cors=NAME: pages of those origins may ask and read the answers"},
    {.word = "site", .options = &SITE_OPTIONS, ALL_OF(sites),
     .doc = "A row a path of the files of --site, which are served where no route is"},
};
/* clang-format on */

const struct route_definition *route_definition_find(const char *word)
{
    for (size_t i = 0; i < ROUTE_DEFINITIONS; i++)
        if (strcmp(ROUTE_DEFINITION_ROWS[i].word, word) == 0)
            return &ROUTE_DEFINITION_ROWS[i];
    return NULL;
}

void *route_definition_add(const struct route_definition *definition, struct route_table *table)
{
    size_t *n = (size_t *)(void *)((char *)table + definition->n_offset);

    if (*n == definition->max)
        return NULL;
    return (char *)table + definition->offset + (*n)++ * definition->size;
}

unsigned route_definition_at(const struct route_definition *definition,
                             const struct route_table *table, const char *name)
{
    size_t n = *(const size_t *)(const void *)((const char *)table + definition->n_offset);
    const char *at = (const char *)table + definition->offset;

    for (size_t i = 0; i < n; i++, at += definition->size)
        if (strcmp(at, name) == 0)
            return (unsigned)i + 1;
    return 0;
}
