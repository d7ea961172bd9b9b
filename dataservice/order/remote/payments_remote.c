/* payments_remote.c - what the payment service is asked, as calls. */
#include "dataservice/order/remote/payments_remote.h"

#include <stddef.h>

#include "protocol/payment.h"
#include "tool/core/mem.h"
#include "tool/proxy/proxy.h"

struct payments_remote {
    struct payments base;
    struct proxy *proxy;
};

static struct proxy *proxy_of(struct payments *base)
{
    return container_of(base, struct payments_remote, base)->proxy;
}

static enum status remote_authorize(struct payments *base, const struct call *call,
                                    const struct payment_authorization *wanted)
{
    struct payment_authorized authorized;
    bool asked;
    enum status st =
        proxy_ask(proxy_of(base), call, &PAYMENT_AUTHORIZE, wanted, &authorized, &asked);

    if (st == ST_UNAVAILABLE || st == ST_OVERLOADED)
        return asked ? ST_UNAVAILABLE : ST_OVERLOADED;
    return st;
}

static enum status remote_void(struct payments *base, const struct call *call,
                               const struct payment_order *order)
{
    struct payment_moved moved;

    return proxy_call(proxy_of(base), call, &PAYMENT_VOID, order, &moved);
}

static void remote_destroy(struct payments *base)
{
    if (base)
        free(container_of(base, struct payments_remote, base));
}

static const struct payments_ops REMOTE_OPS = {
    .authorize = remote_authorize,
    .void_ = remote_void,
    .destroy = remote_destroy,
};

struct payments *payments_remote_create(struct proxy *proxy)
{
    struct payments_remote *self = MEM_NEW(struct payments_remote);

    self->base.ops = &REMOTE_OPS;
    self->proxy = proxy;
    return &self->base;
}
