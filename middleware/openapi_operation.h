/* openapi_operation.h - the Operation Object of a route; refers to #/components by name. */
#ifndef MIDDLEWARE_OPENAPI_OPERATION_H
#define MIDDLEWARE_OPENAPI_OPERATION_H

#include "middleware/openapi_part.h"

/** Appends that of all->routes[i]. */
void openapi_write_operation(const struct openapi_routes *all, size_t i, struct json_out *o);

#endif
