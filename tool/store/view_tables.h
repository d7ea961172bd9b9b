/* view_tables.h - the two tables of a view that can be thrown away: one that is read, one in which
 * it is built anew. Implemented by mysql/. */
#ifndef TOOL_STORE_VIEW_TABLES_H
#define TOOL_STORE_VIEW_TABLES_H

#include "tool/core/call.h"

struct view_tables {
    const struct view_tables_ops *ops;
};

#define VIEW_TABLES_JOB "rebuild" /* whose lease it is done under (tool/job/lease.h) */

/* Each blocks until call->deadline_ms at most; any thread; in no transaction. Neither begins once
 * another has taken the lease since fence, nor does what that one asks for begin before this has
 * ended: ST_STALE. So an instance that has stood still meanwhile does nothing to what another one
 * builds. */
struct view_tables_ops {
    /** The table in which it is built has no rows any more. ST_OK | ST_STALE | ST_UNAVAILABLE |
     * ST_UNCERTAIN */
    enum status (*empty)(struct view_tables *self, const struct call *call, int64_t fence);
    /** Each becomes the other, at one moment for everybody; who reads meanwhile waits for it.
     * ST_OK | ST_STALE | ST_UNAVAILABLE | ST_UNCERTAIN (it may have happened) */
    enum status (*swap)(struct view_tables *self, const struct call *call, int64_t fence);
    /** Frees self; NULL is fine. */
    void (*destroy)(struct view_tables *self);
};

static inline enum status view_tables_empty(struct view_tables *t, const struct call *call,
                                            int64_t fence)
{
    return t->ops->empty(t, call, fence);
}

static inline enum status view_tables_swap(struct view_tables *t, const struct call *call,
                                           int64_t fence)
{
    return t->ops->swap(t, call, fence);
}

static inline void view_tables_destroy(struct view_tables *t)
{
    if (t)
        t->ops->destroy(t);
}

#endif
