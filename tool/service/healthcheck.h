/* healthcheck.h - asks an instance's own admin listener whether it is ready, as a container's
 * health check wants it: a program that ends with 0 or 1. */
#ifndef TOOL_SERVICE_HEALTHCHECK_H
#define TOOL_SERVICE_HEALTHCHECK_H

#include <stdbool.h>
#include <stddef.h>

enum { HEALTHCHECK_WHY_MAX = 511 };

/** GET /readyz at the address the instance listens on: listen ("0.0.0.0:9100"; any address is asked
 * on loopback), or where its port is 0 the one in file. Blocks, for 3 s at most a try. False: why
 * says what the instance answered, or why it could not be asked. */
bool healthcheck_ask(const char *listen, const char *file, char why[HEALTHCHECK_WHY_MAX + 1]);

#endif
