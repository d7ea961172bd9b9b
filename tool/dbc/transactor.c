/* transactor.c - all of a body's statements or none of them. */
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/conn.h"

struct transaction {
    struct dbc_conn *conn;
};

struct dbc_transactor {
    struct transactor base;
    struct dbc_pool *pool;
};

struct dbc_conn *dbc_tx_conn(struct transaction *tx)
{
    return tx->conn;
}

enum status dbc_join(struct dbc_pool *pool, struct transaction *tx, const struct call *call,
                     struct dbc_conn **out)
{
    if (!tx)
        return dbc_take(pool, call, out);
    ASSERT(tx->conn->pool == pool);
    *out = tx->conn;
    return ST_OK;
}

void dbc_leave(struct dbc_pool *pool, struct transaction *tx, struct dbc_conn *conn)
{
    if (!tx)
        dbc_give(pool, conn);
}

static enum driver_fault query(struct dbc_conn *conn, const char *sql)
{
    return dbc_conn_fault(conn, driver_query(conn->driver, sql), sql);
}

/* Whatever happened before COMMIT was sent has not happened once the connection is gone or the
 * transaction is rolled back: the whole may be done again. After that only the database knows. */
static enum status run_body(struct dbc_conn *conn, const struct call *call, transaction_fn body,
                            void *arg, bool *again)
{
    struct transaction tx = {.conn = conn};
    enum driver_fault fault = query(conn, "START TRANSACTION");
    enum status st = dbc_fault_status(fault);

    if (fault == DRIVER_OK) {
        conn->in_tx = true;
        st = body(&tx, call, arg);
        fault = conn->doomed;
        if (fault == DRIVER_OK && st == ST_OK) {
            fault = query(conn, "COMMIT");
            conn->in_tx = fault != DRIVER_OK;
            *again = fault == DRIVER_CONTENDED;
            return fault == DRIVER_OK || *again ? dbc_fault_status(fault) : ST_UNCERTAIN;
        }
    }
    *again = fault == DRIVER_CONTENDED || fault == DRIVER_LOST;
    return *again || st == ST_OK ? dbc_fault_status(fault) : st;
}

static enum status run(struct transactor *base, const struct call *call, transaction_fn body,
                       void *arg)
{
    struct dbc_transactor *self = container_of(base, struct dbc_transactor, base);

    for (int attempt = 0;; attempt++) {
        struct dbc_conn *conn = NULL;
        bool again = false;
        enum status st = dbc_take(self->pool, call, &conn);
        if (st == ST_OK)
            st = run_body(conn, call, body, arg, &again);
        dbc_give(self->pool, conn); /* rolls back what is open */
        if (!again || !dbc_pause(call, attempt))
            return st;
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
