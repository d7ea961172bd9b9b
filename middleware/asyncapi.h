/* asyncapi.h - the AsyncAPI 3 document: what services say has happened, made from the types of
 * events as they are encoded. */
#ifndef MIDDLEWARE_ASYNCAPI_H
#define MIDDLEWARE_ASYNCAPI_H

#include <stddef.h>

#include "tool/encoder/event_type.h"

/** The document as JSON, NUL-terminated, to be freed by the caller. types: NULL-terminated, no
 * two of one name. version is the program's own. */
char *asyncapi_build(const struct event_type *const *types, const char *version, size_t *len);

#endif
