/* profile_reading.h - reading a profile, for whom the operation lets. */
#ifndef USECASE_USER_PROFILE_READING_H
#define USECASE_USER_PROFILE_READING_H

#include "dataservice/user/profile_store.h"
#include "model/profile.h"

struct profile_reading {
    struct store *profiles; /* borrowed */
};

/** in: struct profile_query, out: struct profile. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status profile_read(void *self, const struct call *call, const void *in, void *out);

#endif
