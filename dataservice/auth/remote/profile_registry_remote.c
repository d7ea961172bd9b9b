/* profile_registry_remote.c - what the user service is asked by auth, as calls. */
#include "dataservice/auth/remote/profile_registry_remote.h"

#include <stddef.h>

#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/proxy/proxy.h"

struct profile_registry_remote {
    struct profile_registry base;
    struct proxy *proxy;
};

/* What sagas ask is answered with an outcome; that there is one is all it says. */
static enum status ask(struct profile_registry *base, const struct call *call,
                       const struct operation *op, const void *request)
{
    struct profile_registry_remote *self = container_of(base, struct profile_registry_remote, base);
    struct registry_outcome outcome;

    return proxy_call(self->proxy, call, op, request, &outcome);
}

static enum status remote_register_profile(struct profile_registry *base, const struct call *call,
                                           const struct profile_registration *registration)
{
    return ask(base, call, &USER_REGISTRY, registration);
}

static enum status remote_cancel_profile(struct profile_registry *base, const struct call *call,
                                         const struct profile_cancellation *cancellation)
{
    return ask(base, call, &USER_REGISTRY_CANCEL, cancellation);
}

static enum status remote_hide_profile(struct profile_registry *base, const struct call *call,
                                       const struct profile_removal *removal)
{
    return ask(base, call, &USER_REMOVE, removal);
}

static enum status remote_show_profile(struct profile_registry *base, const struct call *call,
                                       const struct profile_removal *removal)
{
    return ask(base, call, &USER_REMOVE_CANCEL, removal);
}

static enum status remote_erase_profile(struct profile_registry *base, const struct call *call,
                                        const struct profile_removal *removal)
{
    return ask(base, call, &USER_ERASE, removal);
}

static enum status remote_find_profile(struct profile_registry *base, const struct call *call,
                                       struct uuid user_id, struct profile *out)
{
    struct profile_registry_remote *self = container_of(base, struct profile_registry_remote, base);

    return proxy_call(self->proxy, call, &USER_GET, &(struct profile_query){user_id}, out);
}

static void remote_destroy(struct profile_registry *base)
{
    if (base)
        free(container_of(base, struct profile_registry_remote, base));
}

static const struct profile_registry_ops REMOTE_OPS = {
    .register_profile = remote_register_profile,
    .cancel_profile = remote_cancel_profile,
    .hide_profile = remote_hide_profile,
    .show_profile = remote_show_profile,
    .erase_profile = remote_erase_profile,
    .find_profile = remote_find_profile,
    .destroy = remote_destroy,
};

struct profile_registry *profile_registry_remote_create(struct proxy *proxy)
{
    struct profile_registry_remote *self = MEM_NEW(struct profile_registry_remote);

    self->base.ops = &REMOTE_OPS;
    self->proxy = proxy;
    return &self->base;
}
