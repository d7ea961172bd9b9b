/* route_json.h - the other form of a file of routes, for programs: a JSON object with a row an
 * entry, which becomes the lines of the usual one, and the JSON Schema of it, made from the same
 * rows. Pure. For the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_JSON_H
#define MIDDLEWARE_ROUTE_JSON_H

#include "middleware/route.h"

/** Whether text is of this form. */
bool route_json_is(const char *text);
/** {"routes":[{"method":"GET","path":"/a","subject":"a.b","timeout":"2s"}],"cors":{"web":{...}},
 * "rate":{"people":"600/60"}}: the lines, of which the first *n are the routes in order, to be
 * freed. NULL when it is none: why names file, place and what would be right. */
char *route_json_lines(const char *name, const char *text, unsigned *n,
                       char why[ROUTE_WHY_MAX + 1]);

#endif
