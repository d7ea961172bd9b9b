/* hold_owners_remote.c - see hold_owners_remote.h. */
#include "dataservice/capacity/remote/hold_owners_remote.h"

#include "model/stock.h"
#include "tool/core/mem.h"
#include "tool/proxy/proxy.h"

struct hold_owners_remote {
    struct hold_owners base;
    struct proxy *proxy;
    const struct operation *op;
};

static enum status remote_ask(struct hold_owners *base, const struct call *call,
                              const struct hold *hold, enum hold_wish *wish)
{
    struct hold_owners_remote *self = container_of(base, struct hold_owners_remote, base);
    struct hold_question question = {.order_id = hold->owner_id, .hold_id = hold->id};
    struct hold_answer answer;
    enum status st = proxy_call(self->proxy, call, self->op, &question, &answer);

    if (st == ST_OK)
        *wish = (enum hold_wish)answer.answer;
    return st;
}

static void remote_destroy(struct hold_owners *base)
{
    if (base)
        free(container_of(base, struct hold_owners_remote, base));
}

static const struct hold_owners_ops REMOTE_OPS = {.ask = remote_ask, .destroy = remote_destroy};

struct hold_owners *hold_owners_remote_create(struct proxy *proxy, const struct operation *op)
{
    struct hold_owners_remote *self = MEM_NEW(struct hold_owners_remote);

    self->base.ops = &REMOTE_OPS;
    self->proxy = proxy;
    self->op = op;
    return &self->base;
}
