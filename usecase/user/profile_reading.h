/* profile_reading.h - reading a profile: one's own, or any for an admin. */
#ifndef USECASE_USER_PROFILE_READING_H
#define USECASE_USER_PROFILE_READING_H

#include "dataservice/profile_data_service.h"
#include "model/profile.h"

struct profile_reading {
    struct profile_data_service *profiles; /* borrowed */
};

/** in: struct profile_query, out: struct profile. Who asks is call->subject and call->roles.
 * ST_OK | ST_UNAUTHENTICATED (nobody asks) | ST_FORBIDDEN (another's id, whether it exists or not)
 * | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status profile_read(void *self, const struct call *call, const void *in, void *out);

#endif
