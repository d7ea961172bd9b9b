/* openapi.h - the OpenAPI 3.1 document, made from the routes and from the descriptors the code
 * validates with. */
#ifndef MIDDLEWARE_OPENAPI_H
#define MIDDLEWARE_OPENAPI_H

#include "middleware/route.h"

/* One method of one path. Everything borrowed; only method, path and success_status are needed. */
struct openapi_route {
    const char *method;             /* "GET" */
    const char *path;               /* template: "/users/{userId}" */
    const char *summary;            /* NULL = the operation's */
    const struct operation *op;     /* NULL = answered by the gateway itself, or by a stranger */
    const struct descriptor *reply; /* NULL = the operation's; without one, some object */
    int success_status;             /* 200, 201 ... */
    const char *media_type;         /* of the success reply; NULL = "application/json" */
    bool or_503;                    /* the same object can come with a 503 */
    bool bearer; /* an access token is wanted: 401, and 403 as op->access has it */
    bool roles;  /* the row itself lets in some roles only: 403 */
    bool fresh;  /* auth is asked about its session */
    bool body;   /* a JSON body is wanted: op->request without what is in the path */
    bool raw;    /* of any type, its bytes are one member */
    const struct route_headers *headers; /* that become members; NULL = none */
    bool prefer;                         /* forwards Prefer: wait=N */
    bool idempotency_key;                /* forwards Idempotency-Key */
    bool location;                       /* answers Location */
    bool rate;                           /* counted by a class: RateLimit, 429 */
    bool etag;                           /* answers ETag; GET understands If-None-Match: 304, others
                                            If-Match: 412 */
    bool live;                           /* another version can be waited for, as a stream too */
    const struct route_parts *gather; /* what is asked at once instead of op; NULL or n 0 = none */
};

/** The document as JSON, NUL-terminated, to be freed by the caller. Routes of one path need not
 * stand together. version is the program's own. */
char *openapi_build(const struct openapi_route *routes, size_t n, const char *version, size_t *len);

#endif
