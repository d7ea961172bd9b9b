/* message.h - what goes over NATS: a subject, a few headers, a JSON payload. */
#ifndef TOOL_MESSAGE_MESSAGE_H
#define TOOL_MESSAGE_MESSAGE_H

#include <stddef.h>

#include "tool/core/call.h"

enum { MESSAGE_HEADERS_MAX = 16, MESSAGE_PAYLOAD_MAX = 512 * 1024 };

#define HEADER_REQUEST_ID "X-Request-Id"
#define HEADER_TRACEPARENT "traceparent"
#define HEADER_TRACESTATE "tracestate"
#define HEADER_TIMEOUT "Request-Timeout" /* milliseconds left */
#define HEADER_AUTH_SUBJECT "Auth-Subject"
#define HEADER_AUTH_ROLES "Auth-Roles"
#define HEADER_AUTH_SESSION "Auth-Session"
#define HEADER_AUTH_CLIENT "Auth-Client"
#define HEADER_AUTH_AGENT "Auth-Agent"
#define HEADER_PREFER "Prefer"
#define HEADER_IDEMPOTENCY_KEY "Idempotency-Key"
#define HEADER_IF_MATCH "If-Match"
#define HEADER_ETAG "ETag"
#define HEADER_VIEW_LAG "X-View-Lag"
#define HEADER_RETRY_AFTER "Retry-After"
#define HEADER_ERROR "Nats-Service-Error"
#define HEADER_ERROR_CODE "Nats-Service-Error-Code"

struct message_header {
    const char *name, *value;
};

/* To be sent: everything borrowed, copied before the call returns. */
struct message_out {
    const char *subject;
    const char *data;
    size_t len;
    struct message_header headers[MESSAGE_HEADERS_MAX];
    size_t n_headers;
};

/* Received. */
struct message;

const char *message_subject(const struct message *m);
/** Not NUL-terminated. */
const char *message_data(const struct message *m, size_t *len);
/** NULL = absent; valid as long as the message. Names compare without case. */
const char *message_header(const struct message *m, const char *name);
/** Of a reply: ST_OK, or what its Nats-Service-Error-Code says. */
enum status message_status(const struct message *m);
/** Whether it is a reply that says there is too much to do. */
bool message_is_overloaded(const struct message *m);
/** NULL = no answer is wanted. */
const char *message_reply_to(const struct message *m);

/** Adds a header; ASSERTs room. Values with CR, LF or NUL, and NULL or empty ones, are left out. */
void message_add_header(struct message_out *out, const char *name, const char *value);
/** Room for what message_add_call formats; lives as long as the message_out. */
struct message_call_text {
    char timeout[24], prefer[24], if_match[24], session[UUID_TEXT_LEN + 1];
};
/** Writes what travels (request id, trace, time left, caller, its session and client, key, wait) as
 * headers. */
void message_add_call(struct message_out *out, const struct call *call,
                      struct message_call_text *text);
/** Reads it back; headers that are malformed or too long count as absent. No Request-Timeout: the
 * deadline is default_timeout_ms away. If-Match is never absent when it is there: one that is
 * malformed names no version at all. call->problem is left NULL. */
void message_read_call(const struct message *m, const struct clock *clock,
                       int64_t default_timeout_ms, struct call *call);

#endif
