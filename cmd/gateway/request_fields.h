/* request_fields.h - the header fields of a request that travel with its call, as its route has it.
 */
#ifndef CMD_GATEWAY_REQUEST_FIELDS_H
#define CMD_GATEWAY_REQUEST_FIELDS_H

#include "middleware/route.h"
#include "tool/core/call.h"
#include "tool/http/http_request.h"
#include "tool/http/trusted_proxies.h"

/** Fills in call's key, version, wait and deadline. ST_OK, or why the request is refused, explained
 * in problem: ST_TOO_LARGE, ST_UNSUPPORTED_TYPE, ST_INVALID, ST_STALE for an If-Match that names no
 * version. */
enum status request_fields_read(const struct http_request *http, const struct route *route,
                                struct call *call, struct problem *problem);
/** Fills in call's client and agent: whom the request comes from, through proxies of ours, and what
 * it says it is. */
void request_client_read(const struct http_request *http, const struct trusted_proxies *proxies,
                         struct call *call);

#endif
