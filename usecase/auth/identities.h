/* identities.h - who somebody from outside is here. */
#ifndef USECASE_AUTH_IDENTITIES_H
#define USECASE_AUTH_IDENTITIES_H

#include "dataservice/auth/identity_store.h"
#include "tool/core/call.h"
#include "tool/core/uuid.h"

/* All borrowed. Read-only once wired. */
struct identities {
    struct store *store;
    const struct clock *clock;
    const struct entropy *entropy;
};

/** in: struct identity_query, out: struct identity_user. The first time he is given an id of ours,
 * which is his from then on; asked by several at once it is one. ST_OK (durable) | ST_UNAVAILABLE |
 * ST_UNCERTAIN (asked again it is known) */
enum status identity_resolve(void *self, const struct call *call, const void *in, void *out);
/** Whether somebody from outside has that id. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE ... */
enum status identity_known(const struct identities *self, struct transaction *tx,
                           const struct call *call, struct uuid user_id);
/** In tx: nothing is left of who has that id outside. ST_OK | ST_UNAVAILABLE ... */
enum status identities_erase(const struct identities *self, struct transaction *tx,
                             const struct call *call, struct uuid user_id);

#endif
