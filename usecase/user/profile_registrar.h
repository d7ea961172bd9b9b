/* profile_registrar.h - making and unmaking a profile for a saga. That each happens once,
 * whatever order the messages come in, is the skeleton's doing: see the rows in cmd/user. */
#ifndef USECASE_USER_PROFILE_REGISTRAR_H
#define USECASE_USER_PROFILE_REGISTRAR_H

#include "dataservice/user/profile_store.h"
#include "model/profile.h"
#include "tool/outbox/outbox.h"

struct profile_registrar {
    struct store *profiles; /* both borrowed */
    struct outbox *outbox;
};

/** in: struct profile_registration; out stays as it is. ST_OK | ST_CONFLICT email_taken |
 * ST_UNAVAILABLE */
enum status profile_register(void *self, struct transaction *tx, const struct call *call,
                             const void *in, void *out);
/** in: struct profile_registration, out: struct registry_outcome: what a registration is answered,
 * unless it is refused. ST_OK */
enum status profile_registered(void *self, const struct call *call, const void *in, void *out);
/** in: struct profile_cancellation; out stays as it is. ST_OK (it is gone) | ST_UNAVAILABLE */
enum status profile_unregister(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out);
/** in: struct profile_cancellation, out: struct registry_outcome: what a cancellation is answered,
 * whatever there was to undo. ST_OK */
enum status profile_unregistered(void *self, const struct call *call, const void *in, void *out);
/** Whether anybody may see it: not while a withdrawal removes it. */
bool profile_is_shown(const struct profile *profile);
/** Refuses one that is not there, or that is not shown: ST_NOT_FOUND. */
enum status profile_not_found(const struct call *call);
/** Refuses an address that is another profile's: ST_CONFLICT email_taken. */
enum status profile_email_taken(const struct call *call);

#endif
