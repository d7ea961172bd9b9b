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
/* user.remove, user.remove.cancel, user.erase: profile_removal -> registry_outcome */
extern const struct operation USER_REMOVE;
extern const struct operation USER_REMOVE_CANCEL;
extern const struct operation USER_ERASE;
/* user.get: profile_query -> profile */
extern const struct operation USER_GET;
/* user.update: profile_patch -> profile */
extern const struct operation USER_UPDATE;

/* event: struct */

/* user.profile_registered: profile_event */
extern const struct event_type USER_PROFILE_REGISTERED;
/* user.profile_cancelled: profile_event */
extern const struct event_type USER_PROFILE_CANCELLED;
/* user.profile_changed: profile_changed */
extern const struct event_type USER_PROFILE_CHANGED;
/* user.profile_removed: profile_event */
extern const struct event_type USER_PROFILE_REMOVED;
/* All of them, NULL-terminated. */
extern const struct event_type *const USER_EVENTS[];

#endif
