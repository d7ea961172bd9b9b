/* sweep_rows.h - the rows of a table whose time can be over, as a sweeper sees them: an id, whether
 * the row is still open, when it is due (never moved), and when a sweeper looks at it next (moved
 * by each claim). Implemented by mysql/ and memory/. */
#ifndef TOOL_SWEEP_SWEEP_ROWS_H
#define TOOL_SWEEP_SWEEP_ROWS_H

#include "tool/core/transaction.h"
#include "tool/core/uuid.h"

/* How often a store looks for such rows, and the time that a slow claim may take. */
enum { SWEEP_MEND_MS = 10000, SWEEP_SLACK_MS = 1000 };

/* A row that a sweeper has claimed. */
struct sweep_claim {
    struct uuid id;
    int64_t token; /* of this claim: another sweeper's later claim has another */
};

/* Which rows of a MariaDB table they are. Names and text of our own, never of a caller's: they
 * become SQL. The table needs an index that begins with what open compares and next. */
struct sweep_table {
    const char *table;
    const char *id;   /* BINARY(16), unique */
    const char *open; /* a condition: "state = 'HELD'" */
    const char *due;  /* DATETIME(6); never moved */
    const char *next; /* DATETIME(6); the value of due at first, then moved by each claim */
};

struct sweep_rows {
    const struct sweep_rows_ops *ops;
};

/* Every op blocks until call->deadline_ms at most and may be called from any thread. Times are the
 * store's own clock (the database's). */
struct sweep_rows_ops {
    /** Claims up to max open rows that are to be looked at, those that wait longest first; nobody
     * else gets them (SKIP LOCKED), and unless they are closed they come again in lease_ms, which
     * is the same in all claims of a table: a row that is due and to be looked at later than that
     * has seen the clock set back, and is looked at within SWEEP_MEND_MS. *n may be 0. ST_OK |
     * ST_UNAVAILABLE | ST_UNCERTAIN (then they come again in lease_ms) */
    enum status (*claim)(struct sweep_rows *self, const struct call *call, int64_t lease_ms,
                         size_t max, struct sweep_claim *out, size_t *n);
    /** In tx: locks the row until tx ends. ST_OK: still open, and claimed by nobody since. |
     * ST_STALE | ST_UNAVAILABLE */
    enum status (*lock)(struct sweep_rows *self, struct transaction *tx, const struct call *call,
                        const struct sweep_claim *claim);
    /** Open rows that have been due for longer than grace_ms; counts to max at most. */
    enum status (*overdue)(struct sweep_rows *self, const struct call *call, int64_t grace_ms,
                           size_t max, int64_t *n);
    void (*destroy)(struct sweep_rows *self);
};

#endif
