/* profile_reading.h - reading profiles, for whom the operation lets. */
#ifndef USECASE_USER_PROFILE_READING_H
#define USECASE_USER_PROFILE_READING_H

#include "dataservice/user/profile_store.h"
#include "model/profile.h"

struct profile_reading {
    struct store *profiles; /* borrowed */
};

/** in: struct profile_query, out: struct profile. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
void profile_read(void *self, struct question *asked, size_t n);

#endif
