/* asyncapi.h - the AsyncAPI 3 document: what services say has happened, made from the types of
 * events as they are encoded. */
#ifndef MIDDLEWARE_ASYNCAPI_H
#define MIDDLEWARE_ASYNCAPI_H

#include <stddef.h>

#include "tool/encoder/event_type.h"

/** One after the other: i from 0 on, NULL behind the last; no two of one name. */
typedef const struct event_type *(*asyncapi_type_fn)(size_t i);

/** The document as JSON, NUL-terminated, to be freed by the caller. version is the program's own.
 */
char *asyncapi_build(asyncapi_type_fn type, const char *version, size_t *len);

#endif
