/* http_limits.h - how large the parts of one request may be. */
#ifndef TOOL_HTTP_HTTP_LIMITS_H
#define TOOL_HTTP_HTTP_LIMITS_H

#include <stddef.h>

/* Bytes. */
struct http_limits {
    size_t head_max;  /* a larger one is a 431, a request line that is as large a 414 */
    size_t query_max; /* of what is behind the target's '?', else a 414; 0 = as the head has room */
    size_t body_max;  /* a larger one is a 413 */
};

/** Those of one request, of which the request line is there; *limits are those of all others.
 * target: raw, with its query. */
typedef void (*http_limits_fn)(void *arg, const char *method, const char *target,
                               struct http_limits *limits);

#endif
