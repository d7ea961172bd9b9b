/* endpoint_private.h - what discovery tells about an endpoint. Loop thread only. */
#ifndef TOOL_MESSAGE_ENDPOINT_PRIVATE_H
#define TOOL_MESSAGE_ENDPOINT_PRIVATE_H

#include "tool/message/endpoint.h"
#include "tool/message/link_private.h"

#define ENDPOINT_QUEUE "q"

enum { ENDPOINT_NAME_MAX = 63, ENDPOINT_ERROR_MAX = 127 };

struct endpoint_entry {
    struct endpoint_server *server;
    const struct endpoint_spec *spec;
    struct link_sub sub;
    char name[ENDPOINT_NAME_MAX + 1];
    int64_t n_requests, n_errors, processing_ns;
    char last_error[ENDPOINT_ERROR_MAX + 1]; /* "503:Too busy" */
};

#endif
