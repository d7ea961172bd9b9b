/* stock_remote.c - what the catalog is asked of its stock, as calls. */
#include "dataservice/order/remote/stock_remote.h"

#include <stddef.h>

#include "protocol/catalog.h"
#include "tool/core/mem.h"
#include "tool/proxy/proxy.h"

struct stock_remote {
    struct stock base;
    struct proxy *proxy;
};

static struct proxy *proxy_of(struct stock *base)
{
    return container_of(base, struct stock_remote, base)->proxy;
}

static enum status remote_reserve(struct stock *base, const struct call *call,
                                  const struct stock_reservation *wanted,
                                  struct stock_reserved *out)
{
    return proxy_call(proxy_of(base), call, &CATALOG_STOCK_RESERVE, wanted, out);
}

static enum status remote_release(struct stock *base, const struct call *call,
                                  const struct stock_order *order)
{
    struct stock_held held;

    return proxy_call(proxy_of(base), call, &CATALOG_STOCK_RELEASE, order, &held);
}

static enum status remote_commit(struct stock *base, const struct call *call,
                                 const struct stock_order *order, struct stock_held *out)
{
    return proxy_call(proxy_of(base), call, &CATALOG_STOCK_COMMIT, order, out);
}

static void remote_destroy(struct stock *base)
{
    if (base)
        free(container_of(base, struct stock_remote, base));
}

static const struct stock_ops REMOTE_OPS = {
    .reserve = remote_reserve,
    .release = remote_release,
    .commit = remote_commit,
    .destroy = remote_destroy,
};

struct stock *stock_remote_create(struct proxy *proxy)
{
    struct stock_remote *self = MEM_NEW(struct stock_remote);

    self->base.ops = &REMOTE_OPS;
    self->proxy = proxy;
    return &self->base;
}
