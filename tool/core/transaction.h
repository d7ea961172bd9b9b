/* transaction.h - "all of this or none of it", as an interface. Implemented by tool/dbc (MariaDB)
 * and tool/memdb (memory). Data services, the saga store and the barrier join a transaction by
 * taking it as an argument; nothing shared ever stores it. An outbox row joins the same way. */
#ifndef TOOL_CORE_TRANSACTION_H
#define TOOL_CORE_TRANSACTION_H

#include "tool/core/call.h"
#include "tool/core/status.h"

struct transaction; /* only the implementation looks inside; valid inside the body, in its thread */

/** Returns ST_OK to commit, anything else to roll back (and that is what run() returns then).
 * May be run again from the start after a deadlock: it sets its outputs anew each time and has no
 * effect outside the transaction. */
typedef enum status (*transaction_fn)(struct transaction *tx, const struct call *call, void *arg);

struct transactor {
    const struct transactor_ops *ops;
};

struct transactor_ops {
    /** Begins, runs body, commits. Deadlocks and lock time-outs are retried, a few times, within
     * the deadline. Blocks until call->deadline_ms at most; any thread.
     * ST_OK | what body returned | ST_UNAVAILABLE (nothing happened) |
     * ST_UNCERTAIN (the connection was lost on COMMIT: it may have happened; look it up by key) */
    enum status (*run)(struct transactor *self, const struct call *call, transaction_fn body,
                       void *arg);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct transactor *self);
};

static inline enum status transactor_run(struct transactor *t, const struct call *call,
                                         transaction_fn body, void *arg)
{
    return t->ops->run(t, call, body, arg);
}

#endif
