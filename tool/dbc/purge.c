/* purge.c - see purge.h. */
#include "tool/dbc/purge.h"

#include "tool/core/transaction.h"
#include "tool/dbc/column.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"

enum status dbc_purge(struct dbc_pool *pool, const char *sql, const struct call *call,
                      int64_t age_s, size_t max, size_t *n)
{
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);
    struct dbc_stmt *s;

    *n = 0;
    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, sql);
    dbc_bind_int(s, age_s);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    if (st == ST_OK)
        *n = (size_t)dbc_affected(s);
    st = dbc_done(s, st);
    dbc_give(pool, conn);
    return st;
}

/* What a transaction of a row with steps is about. */
struct taking {
    const struct purge_row *row;
    int64_t age_s;
    struct uuid ids[PURGE_IDS];
    size_t n;
};

static enum status find(struct dbc_conn *conn, const struct call *call, struct taking *t)
{
    struct dbc_stmt *s = dbc_prepare(conn, t->row->find);
    enum status st;

    dbc_bind_int(s, t->age_s);
    dbc_bind_int(s, PURGE_IDS);
    st = dbc_execute(s, call);
    for (t->n = 0; st == ST_OK && t->n < PURGE_IDS && dbc_next(s); t->n++)
        dbc_col_uuid(s, &t->ids[t->n]);
    return dbc_done(s, st);
}

static enum status take_step(struct dbc_conn *conn, const struct call *call, const struct taking *t,
                             const char *sql)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);

    for (size_t i = 0; i < PURGE_IDS; i++)
        dbc_bind_uuid(s, t->ids[i < t->n ? i : t->n - 1]);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status take_some(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct taking *t = arg;
    enum status st = find(conn, call, t);

    for (size_t i = 0; st == ST_OK && t->n > 0 && i < PURGE_STEPS_MAX && t->row->steps[i]; i++)
        st = take_step(conn, call, t, t->row->steps[i]);
    return st;
}

enum status dbc_purge_row(struct dbc_pool *pool, const struct purge_row *row,
                          const struct call *call, int64_t age_s, size_t max, size_t *n)
{
    struct taking t = {.row = row, .age_s = age_s};
    struct transactor *transactor;
    enum status st;

    if (row->sql)
        return dbc_purge(pool, row->sql, call, age_s, max, n);
    transactor = dbc_transactor_create(pool);
    *n = 0;
    do {
        st = transactor_run(transactor, call, take_some, &t);
        *n += st == ST_OK ? t.n : 0;
    } while (st == ST_OK && t.n == PURGE_IDS && *n < max);
    transactor->ops->destroy(transactor);
    return st;
}
