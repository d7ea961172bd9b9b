/* route_check.h - whether a row of routes fits the operation behind it. For the files route*.c
 * only. */
#ifndef MIDDLEWARE_ROUTE_CHECK_H
#define MIDDLEWARE_ROUTE_CHECK_H

#include "middleware/route.h"

/** False when it does not: why says what is wrong and what would be right, without the line. A
 * subject of a service that has no operation in this source tree fits: it may be of a newer one. */
bool route_check(const struct route *route, char why[ROUTE_WHY_MAX + 1]);
/** Whether there are tokens and the like in what it answers. */
bool route_answers_secrets(const struct route *route);

#endif
