/* operations.h - all operations of all services, for the gateway's OpenAPI and for tests over rows.
 */
#ifndef PROTOCOL_OPERATIONS_H
#define PROTOCOL_OPERATIONS_H

#include "tool/encoder/operation.h"

/** NULL-terminated. */
extern const struct operation *const OPERATIONS[];
/** NULL when no service of this source tree answers subject. */
const struct operation *operation_find(const char *subject);

#endif
