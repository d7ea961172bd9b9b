/* openapi_operation.h - the parts of the OpenAPI document; for the files openapi*.c only. All refer
 * to #/components by name. */
#ifndef MIDDLEWARE_OPENAPI_OPERATION_H
#define MIDDLEWARE_OPENAPI_OPERATION_H

#include "middleware/openapi.h"
#include "tool/core/json_out.h"

enum { OPENAPI_METHOD_MAX = 15 };

/** "GET" becomes "get". */
void openapi_method_key(const char *method, char key[OPENAPI_METHOD_MAX + 1]);
/** Appends the Operation Object of a route. */
void openapi_write_operation(const struct openapi_route *route, struct json_out *o);
/** Appends, into the open Responses Object, what a route answers besides success. */
void openapi_write_refusals(const struct openapi_route *route, struct json_out *o);

/** "key":{ */
static inline void openapi_open(struct json_out *o, const char *key)
{
    json_out_key(o, key);
    json_out_open(o, '{');
}

/** {"$ref":"#/components/kind/name"} */
void openapi_write_ref(const char *kind, const char *name, struct json_out *o);

#endif
