/* profile_reading.c - see profile_reading.h. */
#include "usecase/user/profile_reading.h"

enum status profile_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct profile_reading *reading = self;
    const struct profile_query *query = in;
    struct store *profiles = reading->profiles;
    enum status st = store_find(profiles, NULL, call, NULL, &query->user_id, out);

    return st == ST_NOT_FOUND ? call_fail(call, st, NULL, "There is no such user.") : st;
}
