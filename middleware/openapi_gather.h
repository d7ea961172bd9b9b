/* openapi_gather.h - what a route that gathers is called and answers; for the files openapi*.c
 * only.
 */
#ifndef MIDDLEWARE_OPENAPI_GATHER_H
#define MIDDLEWARE_OPENAPI_GATHER_H

#include "middleware/openapi_part.h"

/** "summary":"account, profile, events at once" */
void openapi_write_gathered_summary(const struct route_parts *parts, struct json_out *o);
/** "content": each part under its name, or null, and "missing". */
void openapi_write_gathered(const struct route_parts *parts, struct json_out *o);

#endif
