/* header.h - what the headers that travel with a call may hold, over HTTP and over NATS. Pure
 * functions on strings; what is malformed counts as absent. */
#ifndef TOOL_CORE_HEADER_H
#define TOOL_CORE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEADER_WAIT_MAX_S = 10, HEADER_TIMEOUT_DIGITS_MAX = 9 };

/** X-Request-Id: 1 to 64 of A-Z a-z 0-9 . _ - */
bool header_is_request_id(const char *text);
/** traceparent, W3C Trace Context version 00: 00-<32 hex>-<16 hex>-<2 hex>, lower case, ids not all
 * zero. */
bool header_is_traceparent(const char *text);
/** tracestate (W3C Trace Context, 3.3) goes into out, of CALL_TRACESTATE_MAX + 1 bytes: of a list
 * of key=value, the first members that it has room for; nothing when one is malformed. */
void header_keep_tracestate(const char *text, char *out);
/** Auth-Roles, Auth-Client, Auth-Agent and Idempotency-Key: 1 to max printable ASCII characters. */
bool header_is_printable(const char *text, int max);
/** The printable ASCII characters of text, as many as out has room for, and a NUL. */
void header_keep_printable(const char *text, char *out, size_t size);
/** Request-Timeout: decimal milliseconds. -1 when malformed. */
int64_t header_timeout_ms(const char *text);
/** Prefer (RFC 7240): milliseconds of its first "wait=N"; more than HEADER_WAIT_MAX_S seconds count
 * as that many; 0 when there is none or it is malformed. */
int32_t header_wait_ms(const char *text);
/** The same with another most, of 1 to 3600 seconds. */
int32_t header_wait_up_to_ms(const char *text, int max_s);

/** If-Match (RFC 9110, 13.1.1), compared strongly: * is CALL_ANY_VERSION, "7" is 7, an entity tag
 * that nothing here ever has CALL_NO_VERSION. 0 when malformed, or a list. */
int64_t header_if_version(const char *text);

#endif
