/* remote.c - see remote.h. */
#include "tool/remote/remote.h"

#include "tool/core/assert.h"

static void check_sizes(const struct remote_row *row)
{
    ASSERT(!row->op->request || row->op->request->size == row->in_size);
    ASSERT(!row->op->reply || row->op->reply->size == row->out_size);
}

enum status remote_ask(struct remote *remote, const struct call *call, const struct remote_row *row,
                       const void *in, void *out)
{
    bool asked;
    enum status st;

    check_sizes(row);
    st = remote->ops->ask(remote, call, row->op, in, out, &asked);
    if (row->if_asked && (st == ST_UNAVAILABLE || st == ST_OVERLOADED))
        return asked ? ST_UNAVAILABLE : ST_OVERLOADED;
    return st;
}

static void ask_each(struct remote *remote, const struct call *call, struct remote_question *asked,
                     size_t n)
{
    bool reached;

    for (size_t i = 0; i < n; i++)
        asked[i].st =
            remote->ops->ask(remote, call, asked[i].row->op, asked[i].in, asked[i].out, &reached);
}

enum status remote_ask_all(struct remote *remote, const struct call *call,
                           struct remote_question *asked, size_t n)
{
    ASSERT(n <= REMOTE_ALL_MAX);
    for (size_t i = 0; i < n; i++) {
        ASSERT(!asked[i].row->if_asked);
        check_sizes(asked[i].row);
    }
    if (remote->ops->ask_all && n > 1)
        remote->ops->ask_all(remote, call, asked, n);
    else
        ask_each(remote, call, asked, n);
    for (size_t i = 0; i < n; i++)
        if (asked[i].st != ST_OK)
            return asked[i].st;
    return ST_OK;
}
