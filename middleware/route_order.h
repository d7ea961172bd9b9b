/* route_order.h - in which order the rows of a table are tried; for the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_ORDER_H
#define MIDDLEWARE_ROUTE_ORDER_H

#include "middleware/route.h"

/** Fills table->keys: the first row of a method that fits a path is then the one that says most
 * about it. */
void route_order(struct route_table *table);
/** Of the first segment of a path; never 0. */
uint32_t route_hash(const char *segment);
/** Whether both are of the same paths, whatever their parameters are called. */
bool route_same_paths(const struct route *a, const struct route *b);

/** A literal, or the name of a parameter. */
static inline const char *route_word(const struct route *route, size_t i)
{
    return route->words + route->segments[i].at;
}

#endif
