/* route_order.c - see route_order.h. */
#include "middleware/route_order.h"

#include <stdlib.h>
#include <string.h>

uint32_t route_hash(const char *segment)
{
    uint32_t hash = 2166136261; /* FNV-1a */

    for (; *segment; segment++)
        hash = (hash ^ (unsigned char)*segment) * 16777619;
    return hash ? hash : 1;
}

/* < 0 when a is tried before b: a literal before a parameter. */
static int compare_paths(const struct route *a, const struct route *b)
{
    for (size_t i = 0; i < a->n_segments && i < b->n_segments; i++) {
        int differ = a->segments[i].param - b->segments[i].param;

        if (differ == 0 && !a->segments[i].param)
            differ = strcmp(route_word(a, i), route_word(b, i));
        if (differ)
            return differ;
    }
    return (int)a->n_segments - (int)b->n_segments;
}

bool route_same_paths(const struct route *a, const struct route *b)
{
    return compare_paths(a, b) == 0;
}

static int compare_keys(const void *x, const void *y, void *arg)
{
    const struct route_key *a = x, *b = y;
    const struct route_table *table = arg;
    int differ = compare_paths(&table->routes[a->route], &table->routes[b->route]);

    return differ ? differ : a->route - b->route; /* Allow names methods as the file does */
}

void route_order(struct route_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const struct route *route = &table->routes[i];
        bool literal = route->n_segments > 0 && !route->segments[0].param;

        table->keys[i] = (struct route_key){
            .first = literal ? route_hash(route_word(route, 0)) : 0,
            .n_segments = (uint16_t)route->n_segments,
            .route = (uint16_t)i,
        };
    }
    qsort_r(table->keys, table->n, sizeof(table->keys[0]), compare_keys, table);
}
