/* profile_reading.c - who may read a profile is decided before whether there is one. */
#include "usecase/user/profile_reading.h"

enum status profile_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct profile_reading *reading = self;
    const struct profile_query *query = in;
    struct uuid subject;
    enum status st;

    if (!uuid_parse(call->subject, &subject))
        return call_fail(call, ST_UNAUTHENTICATED, "unauthenticated", "Log in first.");
    if (!uuid_equal(subject, query->user_id) && !call_has_role(call, "admin"))
        return call_fail(call, ST_FORBIDDEN, "forbidden", "This is not your own profile.");
    st = reading->profiles->ops->find(reading->profiles, NULL, call, query->user_id, out);
    return st == ST_NOT_FOUND ? call_fail(call, st, "not_found", "There is no such user.") : st;
}
