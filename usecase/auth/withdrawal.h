/* withdrawal.h - giving up an account: the saga that takes it and its profile away, or leaves both
 * as they were. */
#ifndef USECASE_AUTH_WITHDRAWAL_H
#define USECASE_AUTH_WITHDRAWAL_H

#include "model/withdrawal.h"
#include "tool/once/barrier.h"
#include "tool/remote/remote.h"
#include "tool/saga/saga.h"
#include "tool/throttle/throttle.h"
#include "usecase/auth/identities.h"
#include "usecase/auth/sessions.h"

/* All borrowed. Read-only once wired. */
struct withdrawal {
    struct store *accounts;
    struct remote *remote;   /* what others.h asks */
    struct barrier *barrier; /* which saga is whose */
    struct outbox *outbox;
    const struct sessions *sessions;
    const struct identities *identities;
    const struct throttle *throttle; /* NULL = no limits */
    struct saga_engine *sagas;
    const struct clock *clock;
    const struct entropy *entropy;
};

/** lock_account, hide_profile, remove_account (the pivot), erase_profile. */
extern const struct saga_type WITHDRAWAL_SAGA;

/** Of who is only known from outside too: then there is no account to lock.
 * in: struct withdrawal_form, out: struct withdrawal_accepted. Asked again while it is under way,
 * or soon after it is through, it is the same saga; after one that was undone, another. ST_OK
 * (durable: the account is locked) | ST_NOT_FOUND | ST_CONFLICT signup_pending, withdrawal_pending
 * | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status withdrawal_accept(void *self, const struct call *call, const void *in, void *out);
/** out: struct withdrawal_accepted as withdrawal_accept filled it; end: of its saga, NULL = long
 * gone. ST_OK (status WITHDRAWN) | ST_UNAVAILABLE withdrawal_compensated (the account is as it was)
 */
enum status withdrawal_outcome(void *self, const struct call *call, const struct saga_view *end,
                               void *out);

#endif
