/* transactor.c - all of a body's statements or none of them. */
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/conn.h"

struct dbc_transactor {
    struct transactor base;
    struct dbc_pool *pool;
};

/* What a phase of a transaction came to, and whether all of it may be done again. It begins with
 * the body's first statement:
 *
 *  fault       body                                 commit
 *  none        go on; what the body returned        ST_OK
 *  contended   again: it is rolled back             again: the server has rolled it back
 *  lost        again: nothing has happened          ST_UNCERTAIN: only the database knows
 *  misplaced   again, where the database is now     ST_UNCERTAIN
 *  refused     ST_UNAVAILABLE: nothing happened     ST_UNCERTAIN
 *  sql         ST_INTERNAL                          ST_UNCERTAIN
 *
 * Again ends in ST_UNAVAILABLE when there is no time, or no attempt, left. A body that refuses is
 * rolled back; a fault it met counts, whatever it makes of it. */
struct outcome {
    enum status st;
    bool again;
};

static struct outcome run_body(struct transaction *tx, const struct call *call, transaction_fn body,
                               void *arg)
{
    enum status st = body(tx, call, arg);
    enum driver_fault fault = tx->conn->doomed;
    bool again = fault == DRIVER_CONTENDED || fault == DRIVER_LOST || fault == DRIVER_MISPLACED;

    /* A body that went on after a fault has its transaction rolled back all the same. */
    return (struct outcome){
        again || (fault != DRIVER_OK && st == ST_OK) ? dbc_fault_status(fault) : st, again};
}

static struct outcome commit(const struct transaction *tx)
{
    static const char SQL[] = "COMMIT";
    struct dbc_conn *conn = tx->conn;
    enum driver_fault fault = dbc_conn_fault(conn, driver_query(conn->driver, SQL), SQL);

    conn->in_tx = fault != DRIVER_OK;
    if (tx->committed && fault != DRIVER_CONTENDED) /* or it may be: who is told has a look */
        tx->committed(tx->committed_arg);
    if (fault == DRIVER_OK || fault == DRIVER_CONTENDED)
        return (struct outcome){dbc_fault_status(fault), fault == DRIVER_CONTENDED};
    return (struct outcome){ST_UNCERTAIN, false};
}

static enum status run(struct transactor *base, const struct call *call, transaction_fn body,
                       void *arg)
{
    struct dbc_transactor *self = container_of(base, struct dbc_transactor, base);

    for (int attempt = 0;; attempt++) {
        struct transaction tx = {0};
        struct outcome end = {dbc_take_tx(self->pool, call, &tx.conn), false};
        if (end.st == ST_OK)
            end = run_body(&tx, call, body, arg);
        if (end.st == ST_OK)
            end = commit(&tx);
        dbc_give(self->pool, tx.conn); /* rolls back what is open */
        if (!end.again || !dbc_pause(call, attempt))
            return end.st;
    }
}

static void destroy(struct transactor *base)
{
    if (base)
        free(container_of(base, struct dbc_transactor, base));
}

static const struct transactor_ops DBC_OPS = {.run = run, .destroy = destroy};

struct transactor *dbc_transactor_create(struct dbc_pool *pool)
{
    struct dbc_transactor *self = MEM_NEW(struct dbc_transactor);

    self->base.ops = &DBC_OPS;
    self->pool = pool;
    return &self->base;
}
