/* openapi_refusals.h - the error answers of a route. */
#ifndef MIDDLEWARE_OPENAPI_REFUSALS_H
#define MIDDLEWARE_OPENAPI_REFUSALS_H

#include "middleware/openapi_part.h"

/** Appends, into the open Responses Object, what a route answers besides success. */
void openapi_write_refusals(const struct openapi_route *route, struct json_out *o);
/** Appends, into the open components, the responses that any request may meet. */
void openapi_write_common_refusals(struct json_out *o);

#endif
