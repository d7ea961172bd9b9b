/* operations.h - all operations of all services, for the gateway, its OpenAPI, and tests over rows.
 * A list beside the services' own rows, as who reads it has nothing of a service but its protocol;
 * `make lint` looks whether each operation that a service of ours declares is in it. */
#ifndef PROTOCOL_OPERATIONS_H
#define PROTOCOL_OPERATIONS_H

#include "tool/encoder/operation.h"

/** NULL-terminated. */
extern const struct operation *const OPERATIONS[];
/** NULL when no service of this source tree answers subject. */
const struct operation *operation_find(const char *subject);

#endif
