/* openapi_part.h - the small parts of the OpenAPI document; for the files openapi*.c only. */
#ifndef MIDDLEWARE_OPENAPI_PART_H
#define MIDDLEWARE_OPENAPI_PART_H

#include "middleware/openapi.h"
#include "tool/core/json_out.h"

enum { OPENAPI_METHOD_MAX = 15, OPENAPI_NAME_MAX = 127 };

/* All routes: what is written for one may depend on the others. */
struct openapi_routes {
    const struct openapi_route *routes;
    size_t n;
};

/** "GET" becomes "get". */
void openapi_method_key(const char *method, char key[OPENAPI_METHOD_MAX + 1]);
/** Whether the route's method is that one. */
bool openapi_is_method(const struct openapi_route *r, const char *method);
/** The name in components of the schema that bodies of d have. A descriptor that is also a reply
 * has two: "Thing" as it is read, "ThingBody" as it is sent. */
void openapi_body_name(const struct openapi_routes *all, const struct descriptor *d,
                       char name[OPENAPI_NAME_MAX + 1]);
/** Whether several are asked at once. */
bool openapi_gathers(const struct openapi_route *r);
/** How many operations are behind a route, and the k-th of them (NULL = a stranger's, or none). */
size_t openapi_operations(const struct openapi_route *r);
const struct operation *openapi_operation(const struct openapi_route *r, size_t k);
/** What the k-th of them replies; NULL = some object. */
const struct descriptor *openapi_reply(const struct openapi_route *r, size_t k);
/** Whose it is: up to the first dot. */
const char *openapi_service(const struct openapi_route *r);
/** "key":{ */
void openapi_open(struct json_out *o, const char *key);
/** Into open headers: what every answer of a route says about the rate it was counted by, if any.
 */
void openapi_write_rate_headers(const struct openapi_route *r, struct json_out *o);
/** {"$ref":"#/components/kind/name"} */
void openapi_write_ref(const char *kind, const char *name, struct json_out *o);

#endif
