/* healthcheck.h - asks an instance's own admin listener whether it is ready, as a container's
 * health check wants it: a program that ends with 0 or 1. */
#ifndef TOOL_SERVICE_HEALTHCHECK_H
#define TOOL_SERVICE_HEALTHCHECK_H

#include <stdbool.h>

enum { HEALTHCHECK_WHY_MAX = 511 };

/** GET /readyz at the address the instance listens on: listen ("0.0.0.0:9100"; a listener on every
 * address is asked on loopback), or where its port is 0 the one in file. Blocks for patience_ms at
 * most, apart from the resolver where the address is a name. False: why is one line with what the
 * instance answered ("503 {...}"), or why it could not be asked. */
bool healthcheck_ask(const char *listen, const char *file, int patience_ms,
                     char why[HEALTHCHECK_WHY_MAX + 1]);
/** Is answer, all that was sent until the end, an HTTP answer of status 200? why as above. */
bool healthcheck_read(const char *answer, char why[HEALTHCHECK_WHY_MAX + 1]);

#endif
