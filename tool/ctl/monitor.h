/* monitor.h - a page of nats-server's monitoring port, which is JSON over plain HTTP. */
#ifndef TOOL_CTL_MONITOR_H
#define TOOL_CTL_MONITOR_H

#include <jansson.h>
#include <stddef.h>

enum { MONITOR_WHY_MAX = 255 };

/** Asks address ("127.0.0.1:8222") for path ("/varz"). NULL: why says so. Owned. */
json_t *monitor_get(const char *address, const char *path, int timeout_ms,
                    char why[MONITOR_WHY_MAX + 1]);
/** The JSON of an answer, head and all; NULL: it is no 200, or not JSON. Owned. */
json_t *monitor_answer(const char *text, size_t len);

#endif
