/* route_fallback.h - what stands in for a service that does not answer: an answer that is part of
 * the row, or another subject. For the files route*.c only. */
#ifndef MIDDLEWARE_ROUTE_FALLBACK_H
#define MIDDLEWARE_ROUTE_FALLBACK_H

#include "middleware/route.h"

/** "x.y", or a JSON object without blanks and '#'; false when it is neither. */
bool route_fallback_parse(struct route_fallback *fallback, const char *text);
/** NULL when fallback may answer for what d describes (NULL: anything); else what it lacks. */
const char *route_fallback_lacks(const struct route_fallback *fallback, const struct descriptor *d);

#endif
