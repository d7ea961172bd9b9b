/* request_fields.h - the header fields of a request that travel with its call, as its route has it.
 */
#ifndef CMD_GATEWAY_REQUEST_FIELDS_H
#define CMD_GATEWAY_REQUEST_FIELDS_H

#include "middleware/route.h"
#include "tool/core/call.h"
#include "tool/http/http_request.h"
#include "tool/http/trusted_proxies.h"

#define TRUST_X_FORWARDED "X-Forwarded-For"
#define TRUST_FORWARDED "Forwarded"

/* Whose word is taken for whom they have seen. */
struct trust {
    struct trusted_proxies proxies;
    char header[sizeof(TRUST_X_FORWARDED)]; /* one of the two: that of a client is handed on by who
                                               writes the other */
};

/** Fills in call's key, version, wait and deadline, and match's fields. ST_OK, or why the request
 * is refused, explained in problem: ST_UNSUPPORTED_TYPE, ST_INVALID, ST_STALE for an If-Match that
 * names no version. */
enum status request_fields_read(const struct http_request *http, struct route_match *match,
                                struct call *call, struct problem *problem);
/** Fills in call's client and agent: whom the request comes from, through proxies of ours, and what
 * it says it is. True: a proxy of ours says that it came by https. */
bool request_client_read(const struct http_request *http, const struct trust *trust,
                         struct call *call);

#endif
