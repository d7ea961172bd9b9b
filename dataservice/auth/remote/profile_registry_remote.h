/* profile_registry_remote.h - the user service, asked over NATS. */
#ifndef DATASERVICE_AUTH_REMOTE_PROFILE_REGISTRY_REMOTE_H
#define DATASERVICE_AUTH_REMOTE_PROFILE_REGISTRY_REMOTE_H

#include "dataservice/auth/profile_registry.h"

struct proxy;

/** proxy: borrowed. */
struct profile_registry *profile_registry_remote_create(struct proxy *proxy);

#endif
