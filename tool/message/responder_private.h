/* responder_private.h - what discovery tells about an endpoint. Loop thread only. */
#ifndef TOOL_MESSAGE_RESPONDER_PRIVATE_H
#define TOOL_MESSAGE_RESPONDER_PRIVATE_H

#include "tool/message/responder.h"
#include "tool/message/link_private.h"

#define ENDPOINT_QUEUE "q"

enum { ENDPOINT_NAME_MAX = 63, ENDPOINT_ERROR_MAX = 127 };

struct responder_entry {
    struct responder *server;
    const struct responder_spec *spec;
    struct link_sub sub;
    char name[ENDPOINT_NAME_MAX + 1];
    int64_t n_requests, n_errors, processing_ns;
    char last_error[ENDPOINT_ERROR_MAX + 1]; /* "503:Too busy" */
};

#endif
