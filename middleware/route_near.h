/* route_near.h - which operation was meant. For the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_NEAR_H
#define MIDDLEWARE_ROUTE_NEAR_H

#include "tool/encoder/operation.h"

/** The operation that subject is a slip of: for a service that this source tree knows the one with
 * the nearest name; for another one that is there but for one letter. NULL when it is none: an
 * operation itself, or one of a service that this source tree does not know. */
const struct operation *route_near(const char *subject);

#endif
