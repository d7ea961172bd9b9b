/* auth_answer.h - what auth says of who asks: of a token's session, of somebody from outside. */
#ifndef CMD_GATEWAY_AUTH_ANSWER_H
#define CMD_GATEWAY_AUTH_ANSWER_H

#include "protocol/auth.h"
#include "tool/message/message.h"

/** Reads a reply of op into out. ST_OK | ST_UNAUTHENTICATED (the session has ended) |
 * ST_UNAVAILABLE, ST_TIMEOUT, ST_INTERNAL: nobody knows. */
enum status auth_answer_read(const struct operation *op, const struct message *reply, void *out);

#endif
