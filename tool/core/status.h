/* status.h - the one vocabulary of outcomes. Every function that can fail returns one of these. */
#ifndef TOOL_CORE_STATUS_H
#define TOOL_CORE_STATUS_H

/* name, HTTP status it becomes at the edge, default problem code (snake_case slug), title */
#define STATUS_LIST(X)                                                                             \
    X(ST_OK, 200, "ok", "OK")                                                                      \
    X(ST_PENDING, 202, "pending", "Accepted")                                                      \
    X(ST_INVALID, 400, "invalid_request", "Bad Request")                                           \
    X(ST_UNAUTHENTICATED, 401, "unauthenticated", "Unauthorized")                                  \
    X(ST_FORBIDDEN, 403, "forbidden", "Forbidden")                                                 \
    X(ST_NOT_FOUND, 404, "not_found", "Not Found")                                                 \
    X(ST_METHOD_NOT_ALLOWED, 405, "method_not_allowed", "Method Not Allowed")                      \
    X(ST_TOO_SLOW, 408, "request_timeout", "Request Timeout")                                      \
    X(ST_CONFLICT, 409, "conflict", "Conflict")                                                    \
    X(ST_STALE, 412, "precondition_failed", "Precondition Failed")                                 \
    X(ST_TOO_LARGE, 413, "too_large", "Content Too Large")                                         \
    X(ST_TARGET_TOO_LONG, 414, "target_too_long", "URI Too Long")                                  \
    X(ST_UNSUPPORTED_TYPE, 415, "unsupported_media_type", "Unsupported Media Type")                \
    X(ST_UNEXPECTED, 417, "expectation_failed", "Expectation Failed")                              \
    X(ST_UNPROCESSABLE, 422, "unprocessable", "Unprocessable Content")                             \
    X(ST_LIMITED, 429, "rate_limited", "Too Many Requests")                                        \
    X(ST_HEAD_TOO_LARGE, 431, "headers_too_large", "Request Header Fields Too Large")              \
    X(ST_INTERNAL, 500, "internal", "Internal Server Error")                                       \
    X(ST_NOT_IMPLEMENTED, 501, "not_implemented", "Not Implemented")                               \
    X(ST_OVERLOADED, 503, "overloaded", "Service Unavailable")                                     \
    X(ST_UNAVAILABLE, 503, "unavailable", "Service Unavailable")                                   \
    X(ST_TIMEOUT, 504, "timeout", "Gateway Timeout")                                               \
    X(ST_UNCERTAIN, 504, "uncertain", "Gateway Timeout")                                           \
    X(ST_VERSION, 505, "http_version_not_supported", "HTTP Version Not Supported")

enum status {
#define X(name, http, code, title) name,
    STATUS_LIST(X)
#undef X
};

/** "ST_CONFLICT" and so on; never NULL. */
const char *status_name(enum status st);
/** The HTTP (and Nats-Service-Error-Code) number of a status, 200..505. */
int status_http(enum status st);
/** The default problem code, e.g. "unavailable". */
const char *status_code(enum status st);
/** The phrase RFC 9110 gives that number, e.g. "Service Unavailable" (RFC 9457 asks for it). */
const char *status_title(enum status st);
/** The status an HTTP error number stands for: exact where listed above, else ST_INVALID for
 * other 4xx and ST_INTERNAL for the rest. 503 gives ST_UNAVAILABLE, 504 ST_TIMEOUT. */
enum status status_from_http(int http);
/** True when a peer answered and said no for good (4xx but 429): asking again cannot help.
 * False for silence, outage, overload and "uncertain". */
int status_is_refusal(enum status st);
/** True for those refusals that a peer decides, knowing what was asked: 404, 409, 412, 422. The
 * others say that it should never have been asked so (400, 401, 403, 413 ...): between services, a
 * mistake of ours. */
int status_is_no(enum status st);

#endif
