/* remote.c - see remote.h. */
#include "tool/remote/remote.h"

#include "tool/core/assert.h"

enum status remote_ask(struct remote *remote, const struct call *call, const struct remote_row *row,
                       const void *in, void *out)
{
    bool asked;
    enum status st;

    ASSERT(!row->op->request || row->op->request->size == row->in_size);
    ASSERT(!row->op->reply || row->op->reply->size == row->out_size);
    st = remote->ops->ask(remote, call, row->op, in, out, &asked);
    if (row->if_asked && (st == ST_UNAVAILABLE || st == ST_OVERLOADED))
        return asked ? ST_UNAVAILABLE : ST_OVERLOADED;
    return st;
}
