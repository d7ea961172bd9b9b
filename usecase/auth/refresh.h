/* refresh.h - a refresh token changed for its successor, with a new access token. */
#ifndef USECASE_AUTH_REFRESH_H
#define USECASE_AUTH_REFRESH_H

#include "tool/core/question.h"
#include "usecase/auth/sessions.h"

/** self: struct sessions. in: struct refresh_form, out: struct login_granted, with the roles that
 * the account has now. What waits together is changed in one commit. The same token again within
 * SESSION_GRACE_S of its change gets the same successor; later it ends the session, which is said.
 * ST_OK (durable) | ST_UNAUTHENTICATED invalid_token | ST_CONFLICT as session_allowed |
 * ST_UNAVAILABLE | ST_UNCERTAIN */
void refresh_grant(void *self, struct question *asked, size_t n);

#endif
