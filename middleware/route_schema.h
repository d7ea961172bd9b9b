/* route_schema.h - the JSON Schema of a file of routes in its JSON form, made from the rows by
 * which it is read. */
#ifndef MIDDLEWARE_ROUTE_SCHEMA_H
#define MIDDLEWARE_ROUTE_SCHEMA_H

#include <stddef.h>

/** The schema (draft 2020-12), NUL-terminated, to be freed. */
char *route_schema_build(size_t *len);

#endif
