/* session_check.h - what auth says of a token's session, where a route asks (auth=fresh). */
#ifndef CMD_GATEWAY_SESSION_CHECK_H
#define CMD_GATEWAY_SESSION_CHECK_H

#include "protocol/auth.h"
#include "tool/message/message.h"

/** ST_OK: *granted is what the caller may now | ST_UNAUTHENTICATED: the session has ended |
 * ST_UNAVAILABLE, ST_TIMEOUT, ST_INTERNAL: nobody knows. */
enum status session_check_read(const struct message *reply, struct granted_roles *granted);

#endif
