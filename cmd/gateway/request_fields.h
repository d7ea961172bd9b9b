/* request_fields.h - the header fields of a request that travel with its call, as its route has it.
 */
#ifndef CMD_GATEWAY_REQUEST_FIELDS_H
#define CMD_GATEWAY_REQUEST_FIELDS_H

#include "middleware/route.h"
#include "tool/core/call.h"
#include "tool/http/http_request.h"

/** Fills in call's key, version, wait and deadline. ST_OK, or why the request is refused, explained
 * in problem: ST_UNSUPPORTED_TYPE, ST_INVALID, ST_STALE for an If-Match that names no version. */
enum status request_fields_read(const struct http_request *http, const struct route *route,
                                struct call *call, struct problem *problem);

#endif
