/* session_list.h - what a person sees and does about the own sessions; and whether one goes on. */
#ifndef USECASE_AUTH_SESSION_LIST_H
#define USECASE_AUTH_SESSION_LIST_H

#include "usecase/auth/sessions.h"

/* self: struct sessions. */

/** struct sessions_query -> struct sessions_page, the newest first.
 * ST_OK | ST_INVALID (the cursor) | ST_UNAVAILABLE */
enum status session_list(void *self, const struct call *call, const void *in, void *out);
/** struct session_end -> nothing; said. ST_OK | ST_NOT_FOUND (none of this user) | ST_UNAVAILABLE |
 * ST_UNCERTAIN */
enum status session_end(void *self, const struct call *call, const void *in, void *out);
/** nothing -> nothing: the session that asks ends, if it has not. ST_OK | ST_UNAVAILABLE |
 * ST_UNCERTAIN */
enum status session_logout(void *self, const struct call *call, const void *in, void *out);
/** nothing -> struct granted_roles, as they are now. ST_OK | ST_UNAUTHENTICATED invalid_token (the
 * session that asks is over, or its account gone) | ST_UNAVAILABLE */
enum status session_check(void *self, const struct call *call, const void *in, void *out);

#endif
