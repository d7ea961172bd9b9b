/* record.h - what is counted and written down of a request that has been answered. Loop thread. */
#ifndef CMD_GATEWAY_RECORD_H
#define CMD_GATEWAY_RECORD_H

#include "cmd/gateway/gateway.h"
#include "cmd/gateway/routing.h"
#include "tool/http/http_request.h"

/* All borrowed. */
struct record {
    const struct call *call;
    const struct http_request *http;
    struct routing *routing;
    const struct route *route; /* NULL = none */
    const char *token_bad;     /* why an access token was no good; NULL = it was, or none came */
    int64_t begun_us;          /* wall clock */
    int status;
    size_t bytes; /* of the body that was sent */
};

/** In metrics, the log, and the access log if there is one. */
void record_request(struct gateway *gw, const struct record *r);

#endif
