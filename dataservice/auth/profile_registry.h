/* profile_registry.h - the user service as the signup saga sees it. By remote/ (NATS) and by the
 * simulation. */
#ifndef DATASERVICE_AUTH_PROFILE_REGISTRY_H
#define DATASERVICE_AUTH_PROFILE_REGISTRY_H

#include "model/profile.h"
#include "tool/core/call.h"

struct profile_registry {
    const struct profile_registry_ops *ops;
};

/* Both ops are idempotent by saga_id, block until call->deadline_ms at most, and may be called from
 * any thread. A refusal's code is in call->problem ("email_taken"). Anything that is not ST_OK or a
 * refusal means: not known whether it happened. */
struct profile_registry_ops {
    /** ST_OK | ST_CONFLICT (email_taken, cancelled) | other refusals | ST_UNAVAILABLE | ST_TIMEOUT
     * ... */
    enum status (*register_profile)(struct profile_registry *self, const struct call *call,
                                    const struct profile_registration *registration);
    /** Right also before, without, or twice after register_profile. ST_OK | ST_UNAVAILABLE ... */
    enum status (*cancel_profile)(struct profile_registry *self, const struct call *call,
                                  const struct profile_cancellation *cancellation);
    void (*destroy)(struct profile_registry *self);
};

#endif
