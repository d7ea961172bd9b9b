/* route_fuzz.c - any bytes as a path: what is found has parameters that may travel. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/route.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const BUILT_IN[] = {"/welcome", NULL};
    char why[ROUTE_WHY_MAX + 1], *path = mem_alloc(1, size + 1);
    struct route_table *table = route_table_parse(
        "fuzz", "GET /users/{userId} user.get auth=bearer\nGET /{a}/{b}/{c}/{d} a.b\n", BUILT_IN,
        why);
    struct route_match match;

    ASSERT(table);
    if (size > 0)
        memcpy(path, data, size);
    if (route_match(table, "GET", path, &match) == ROUTE_FOUND)
        for (size_t i = 0; i < match.n_params; i++) {
            const char *value = match.params[i].value;

            ASSERT(value[0] && strcmp(value, ".") != 0 && strcmp(value, "..") != 0);
            for (; *value; value++)
                ASSERT((unsigned char)*value > ' ' && !strchr("/*>\x7f", *value));
        }
    free(table);
    /* The same bytes as a file: a row that is taken can be asked for. */
    table = route_table_parse("fuzz", path, BUILT_IN, why);
    for (size_t i = 0; table && i < table->n; i++) {
        char asked[ROUTE_PATH_MAX + 1];

        TEXT_COPY(asked, table->routes[i].path);
        for (char *brace = asked; (brace = strpbrk(brace, "{}"));)
            *brace = '_';
        ASSERT(route_match(table, table->routes[i].method, asked, &match) == ROUTE_FOUND);
    }
    free(table);
    free(path);
    return 0;
}
