/* user.h - every message of the user service, once. */
#ifndef PROTOCOL_USER_H
#define PROTOCOL_USER_H

#include "model/profile.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* user.registry: profile_registration -> registry_outcome */
extern const struct operation USER_REGISTRY;
/* user.registry.cancel: profile_cancellation -> registry_outcome */
extern const struct operation USER_REGISTRY_CANCEL;
/* user.get: profile_query -> profile */
extern const struct operation USER_GET;

/* event: struct */

/* user.profile_registered: profile_event */
extern const struct event_type USER_PROFILE_REGISTERED;
/* user.profile_cancelled: profile_event */
extern const struct event_type USER_PROFILE_CANCELLED;

#endif
