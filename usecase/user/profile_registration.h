/* profile_registration.h - making and unmaking a profile for a saga, once, whatever order the
 * messages come in. */
#ifndef USECASE_USER_PROFILE_REGISTRATION_H
#define USECASE_USER_PROFILE_REGISTRATION_H

#include "dataservice/user/profile_store.h"
#include "model/profile.h"
#include "tool/once/barrier.h"

/* All borrowed. Read-only once wired. */
struct profile_registration_case {
    struct store *profiles;
    struct barrier *barrier;
    struct transactor *transactor;
};

/** in: struct profile_registration, out: struct registry_outcome. ST_OK | ST_CONFLICT email_taken |
 * ST_CONFLICT cancelled (the compensation was here first) | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status profile_register(void *self, const struct call *call, const void *in, void *out);
/** in: struct profile_cancellation, out: struct registry_outcome. ST_OK | ST_UNAVAILABLE |
 * ST_UNCERTAIN */
enum status profile_cancel(void *self, const struct call *call, const void *in, void *out);

#endif
