/* puller_reply.h - what JetStream answers about a consumer. Pure; private to tool/stream. */
#ifndef TOOL_STREAM_PULLER_REPLY_H
#define TOOL_STREAM_PULLER_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "tool/core/status.h"

enum { PULLER_WHY_MAX = 255 };

/** ST_OK: the consumer is there, and *pending messages are still to be delivered. ST_UNAVAILABLE:
 * it is not, and why says so. */
enum status puller_reply_read(const char *json, size_t len, uint64_t *pending,
                              char why[PULLER_WHY_MAX + 1]);

#endif
