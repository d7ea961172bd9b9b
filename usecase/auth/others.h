/* others.h - what auth asks of the user service. All but ask_profile is idempotent by saga_id. A
 * refusal's code is in call->problem ("email_taken"). Anything that is not ST_OK or a refusal
 * means: not known whether it happened. */
#ifndef USECASE_AUTH_OTHERS_H
#define USECASE_AUTH_OTHERS_H

#include "protocol/user.h"
#include "tool/remote/remote.h"

/** ST_OK | ST_CONFLICT (email_taken, cancelled) | other refusals | ST_UNAVAILABLE | ST_TIMEOUT ...
 */
REMOTE(ask_profile_register, USER_REGISTRY, struct profile_registration, struct registry_outcome);
/** Right also before, without, or twice after register. ST_OK | ST_UNAVAILABLE ... */
REMOTE(ask_profile_cancel, USER_REGISTRY_CANCEL, struct profile_cancellation,
       struct registry_outcome);
/** Nobody sees it then, its e-mail stays taken. ST_OK | ST_CONFLICT (withdrawal_pending, cancelled)
 * | other refusals | ST_UNAVAILABLE ... */
REMOTE(ask_profile_hide, USER_REMOVE, struct profile_removal, struct registry_outcome);
/** As it was before hide. Right also before, without, or twice after it. ST_OK | ST_UNAVAILABLE ...
 */
REMOTE(ask_profile_show, USER_REMOVE_CANCEL, struct profile_removal, struct registry_outcome);
/** For good; right also when it is gone already. ST_OK | ST_UNAVAILABLE ... */
REMOTE(ask_profile_erase, USER_ERASE, struct profile_removal, struct registry_outcome);
/** For the caller himself, who is call's. ST_OK | ST_NOT_FOUND | ST_FORBIDDEN | ST_UNAVAILABLE ...
 */
REMOTE(ask_profile, USER_GET, struct profile_query, struct profile);

#endif
