/* view_tables.h - the two tables of a view that can be thrown away: one that is read, one in which
 * it is built anew. Implemented by mysql/. */
#ifndef TOOL_STORE_VIEW_TABLES_H
#define TOOL_STORE_VIEW_TABLES_H

#include "tool/core/call.h"

struct view_tables {
    const struct view_tables_ops *ops;
};

/* Each blocks until call->deadline_ms at most; any thread; in no transaction. */
struct view_tables_ops {
    /** The table in which it is built has no rows any more. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN
     */
    enum status (*empty)(struct view_tables *self, const struct call *call);
    /** Each becomes the other, at one moment for everybody; who reads meanwhile waits for it.
     * ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN (it may have happened) */
    enum status (*swap)(struct view_tables *self, const struct call *call);
    /** Frees self; NULL is fine. */
    void (*destroy)(struct view_tables *self);
};

static inline enum status view_tables_empty(struct view_tables *t, const struct call *call)
{
    return t->ops->empty(t, call);
}

static inline enum status view_tables_swap(struct view_tables *t, const struct call *call)
{
    return t->ops->swap(t, call);
}

static inline void view_tables_destroy(struct view_tables *t)
{
    if (t)
        t->ops->destroy(t);
}

#endif
