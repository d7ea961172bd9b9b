/* profile_store.h - profiles (hanok_user.user_inform): rows of struct profile. */
#ifndef DATASERVICE_USER_PROFILE_STORE_H
#define DATASERVICE_USER_PROFILE_STORE_H

#include "model/profile.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/** Found by its key, user_id, and by "email_key": the address, whatever its case. */
extern const struct table PROFILE_TABLE;

/** What must be true of profiles. */
extern const struct invariant PROFILE_INVARIANTS[];
/** The accounts that have one: "profiles", and "hidden_profiles", which a withdrawal removes. */
extern const struct id_set PROFILE_ID_SETS[];

#endif
