/* profile_registry.h - the user service as auth sees it. By remote/ (NATS) and by tests. */
#ifndef DATASERVICE_AUTH_PROFILE_REGISTRY_H
#define DATASERVICE_AUTH_PROFILE_REGISTRY_H

#include "model/profile.h"
#include "tool/core/call.h"

struct profile_registry {
    const struct profile_registry_ops *ops;
};

/* All ops but find_profile are idempotent by saga_id. They block until call->deadline_ms at
 * most, and may be called from any thread. A refusal's code is in call->problem ("email_taken").
 * Anything that is not ST_OK or a refusal means: not known whether it happened. */
struct profile_registry_ops {
    /** ST_OK | ST_CONFLICT (email_taken, cancelled) | other refusals | ST_UNAVAILABLE | ST_TIMEOUT
     * ... */
    enum status (*register_profile)(struct profile_registry *self, const struct call *call,
                                    const struct profile_registration *registration);
    /** Right also before, without, or twice after register_profile. ST_OK | ST_UNAVAILABLE ... */
    enum status (*cancel_profile)(struct profile_registry *self, const struct call *call,
                                  const struct profile_cancellation *cancellation);
    /** Nobody sees it then, its e-mail stays taken. ST_OK | ST_CONFLICT (withdrawal_pending,
     * cancelled) | other refusals | ST_UNAVAILABLE ... */
    enum status (*hide_profile)(struct profile_registry *self, const struct call *call,
                                const struct profile_removal *removal);
    /** As it was before hide_profile. Right also before, without, or twice after it. ST_OK |
     * ST_UNAVAILABLE ... */
    enum status (*show_profile)(struct profile_registry *self, const struct call *call,
                                const struct profile_removal *removal);
    /** For good; right also when it is gone already. ST_OK | ST_UNAVAILABLE ... */
    enum status (*erase_profile)(struct profile_registry *self, const struct call *call,
                                 const struct profile_removal *removal);
    /** For the caller himself, who is call's. ST_OK | ST_NOT_FOUND | ST_FORBIDDEN | ST_UNAVAILABLE
     * ...
     */
    enum status (*find_profile)(struct profile_registry *self, const struct call *call,
                                struct uuid user_id, struct profile *out);
    void (*destroy)(struct profile_registry *self);
};

#endif
