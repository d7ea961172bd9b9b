/* catalog.h - all operations of all services, for the gateway's OpenAPI and for tests over rows. */
#ifndef PROTOCOL_CATALOG_H
#define PROTOCOL_CATALOG_H

#include "tool/encoder/operation.h"

/** NULL-terminated. */
extern const struct operation *const CATALOG[];
/** NULL when no service of this source tree answers subject. */
const struct operation *catalog_find(const char *subject);

#endif
