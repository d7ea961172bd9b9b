/* outside_route.h - the method, the path and the query of what is asked. Pure; any thread. Private
 * to this folder. */
#ifndef TOOL_OUTSIDE_OUTSIDE_ROUTE_H
#define TOOL_OUTSIDE_OUTSIDE_ROUTE_H

#include "tool/outside/outsider.h"

/** Is it a POST, and no GET? */
bool outside_route_posts(const char *route);
/** Writes the path with its parameters as they are in the request, and the members of the query
 * that are not zero, percent-encoded. False: it is longer than size - 1. */
bool outside_route_write(const struct outside_row *row, const void *request, char *path,
                         size_t size);

#endif
