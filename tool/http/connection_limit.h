/* connection_limit.h - how many connections a server may have at a time. Pure. */
#ifndef TOOL_HTTP_CONNECTION_LIMIT_H
#define TOOL_HTTP_CONNECTION_LIMIT_H

#include <stdint.h>

/** Of a process that may have `files` descriptors (RLIMIT_NOFILE), some stay for what is no
 * connection: 200, or half of them where they are few. wanted: what a person asked for, 0 = as many
 * as possible; more than there can be is as many as there can be. At least 1. */
unsigned connection_limit(unsigned wanted, uint64_t files);

#endif
