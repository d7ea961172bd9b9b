/* profile_update.h - changing a profile, for whom the operation lets. */
#ifndef USECASE_USER_PROFILE_UPDATE_H
#define USECASE_USER_PROFILE_UPDATE_H

#include "usecase/user/profile_registrar.h"

/** self: struct profile_registrar; in: struct profile_patch, out: struct profile as it is then.
 * Says which members are others now, and nothing when none is; then the version stays too. ST_OK |
 * ST_NOT_FOUND (none is shown) | ST_STALE (call->if_version is another) | ST_CONFLICT email_taken |
 * ST_UNAVAILABLE */
enum status profile_update(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out);

#endif
