/* openapi_description.h - who may ask, in words; for the files openapi*.c only. */
#ifndef MIDDLEWARE_OPENAPI_DESCRIPTION_H
#define MIDDLEWARE_OPENAPI_DESCRIPTION_H

#include "middleware/openapi_part.h"

/** Appends the member "description" of an operation. */
void openapi_write_description(const struct openapi_route *route, struct json_out *o);

#endif
