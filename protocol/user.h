/* user.h - every message of the user service, once. */
#ifndef PROTOCOL_USER_H
#define PROTOCOL_USER_H

#include "model/profile.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* user.registry: profile_registration -> registry_outcome */
extern const struct operation USER_REGISTRY;
/* user.registry.cancel: profile_cancellation -> registry_outcome */
extern const struct operation USER_REGISTRY_CANCEL;
/* user.get: profile_query -> profile */
extern const struct operation USER_GET;

#endif
