/* profile_reading.c - see profile_reading.h. */
#include "usecase/user/profile_reading.h"

#include <stddef.h>

#include "usecase/user/profile_registrar.h"

void profile_read(void *self, struct question *asked, size_t n)
{
    const struct profile_reading *reading = self;

    store_answer(reading->profiles, NULL, offsetof(struct profile_query, user_id), asked, n);
    for (size_t i = 0; i < n; i++) {
        if (asked[i].st == ST_OK && !profile_is_shown(asked[i].out))
            asked[i].st = ST_NOT_FOUND;
        if (asked[i].st == ST_NOT_FOUND)
            profile_not_found(asked[i].call);
    }
}
