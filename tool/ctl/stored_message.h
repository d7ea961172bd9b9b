/* stored_message.h - a message as JetStream's API gives it: headers and data in base64. */
#ifndef TOOL_CTL_STORED_MESSAGE_H
#define TOOL_CTL_STORED_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>

/** The bytes of a base64 text (RFC 4648, with padding), NUL-terminated behind *len; to be freed.
 * NULL: it is none. */
char *stored_bytes(const char *base64, size_t *len);
/** "NATS/1.0\r\nKey: value\r\n..." as an object of texts; owned. What is no header is skipped; of
 * two of one name the last counts. */
json_t *stored_headers(const char *text, size_t len);

#endif
