/* remote_memory.c - see remote_memory.h. */
#include "tool/remote/memory/remote_memory.h"

#include <stddef.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

static const struct remote_answer *find(const struct remote_memory *self,
                                        const struct operation *op)
{
    for (size_t i = 0; i < self->n; i++)
        if (self->rows[i].op == op)
            return &self->rows[i];
    return NULL;
}

static enum status memory_ask(struct remote *base, const struct call *call,
                              const struct operation *op, const void *in, void *out, bool *asked)
{
    struct remote_memory *self = container_of(base, struct remote_memory, base);
    const struct remote_answer *row = find(self, op);
    size_t size = op->reply ? op->reply->size : 1;
    void *reply = mem_alloc(1, size);
    enum status st;

    ASSERT(row);
    st = row->fn(self->self, call, in, reply);
    if (st == ST_OK && out)
        memcpy(out, reply, size);
    *asked = st != ST_OVERLOADED;
    free(reply);
    return st;
}

static const struct remote_ops MEMORY_OPS = {.ask = memory_ask};

void remote_memory_init(struct remote_memory *remote, const struct remote_answer *rows, size_t n,
                        void *self)
{
    *remote = (struct remote_memory){{&MEMORY_OPS}, rows, n, self};
}
