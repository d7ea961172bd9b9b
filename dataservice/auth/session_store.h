/* session_store.h - sessions (hanok_auth.session): rows of struct session. */
#ifndef DATASERVICE_AUTH_SESSION_STORE_H
#define DATASERVICE_AUTH_SESSION_STORE_H

#include "model/session.h"
#include "tool/store/store.h"

/** Found by its key, id; listed by "user_id" in the order of the key, which is that of their
 * beginnings, and by "expires_at". */
extern const struct table SESSION_TABLE;

#endif
