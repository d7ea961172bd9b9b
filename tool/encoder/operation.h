/* operation.h - one request/reply subject, described once, for the service that answers it, the
 * proxies that ask it, the gateway's OpenAPI and discovery. */
#ifndef TOOL_ENCODER_OPERATION_H
#define TOOL_ENCODER_OPERATION_H

#include "tool/encoder/descriptor.h"

/* An error this operation answers beyond the usual 400, 401, 503, 504. */
struct operation_error {
    enum status status;
    const char *code;
    const char *when; /* a sentence for OpenAPI */
};

struct operation {
    const char *subject; /* "user.get"; its first token is the service */
    const char *summary;
    const struct descriptor *request; /* NULL = empty object */
    const struct descriptor *reply;   /* NULL = empty object */
    bool idempotent; /* asking twice has the effect of once: only then is it ever asked again */
    const struct operation_error *errors; /* ends with {ST_OK, NULL, NULL}; NULL = none */
};

#endif
