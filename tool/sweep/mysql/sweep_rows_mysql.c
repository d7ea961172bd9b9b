/* sweep_rows_mysql.c - see sweep_rows_mysql.h. The token of a claim is the very time it writes into
 * next: another claim comes later, so it writes another. */
#include "tool/sweep/mysql/sweep_rows_mysql.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

enum { SQL_MAX = 512 };

struct sweep_rows_mysql {
    struct sweep_rows base;
    struct dbc_pool *pool;
    struct transactor *transactor; /* of claims */
    char find[SQL_MAX], move[SQL_MAX], lock[SQL_MAX], overdue[SQL_MAX];
    char find_ahead[SQL_MAX], mend[SQL_MAX];
    atomic_int_least64_t
        mend_ms; /* when to look for rows too far ahead again, by the calls' clock */
};

struct claiming {
    struct sweep_rows_mysql *self;
    int64_t lease_ms;
    size_t max, n;
    struct sweep_claim *out;
};

static struct sweep_rows_mysql *self_of(struct sweep_rows *base)
{
    return container_of(base, struct sweep_rows_mysql, base);
}

static enum status find(struct dbc_conn *conn, const struct call *call, struct claiming *c)
{
    struct dbc_stmt *s = dbc_prepare(conn, c->self->find);
    enum status st;

    c->n = 0;
    dbc_bind_int(s, c->lease_ms * 1000);
    dbc_bind_int(s, (int64_t)c->max);
    st = dbc_execute(s, call);
    for (; st == ST_OK && c->n < c->max && dbc_next(s); c->n++) {
        dbc_col_uuid(s, &c->out[c->n].id);
        dbc_col_time(s, &c->out[c->n].token);
    }
    return dbc_done(s, st);
}

static enum status move(struct dbc_conn *conn, const struct call *call, const struct claiming *c,
                        const struct sweep_claim *claim)
{
    struct dbc_stmt *s = dbc_prepare(conn, c->self->move);

    dbc_bind_time(s, claim->token);
    dbc_bind_uuid(s, claim->id);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status claim_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct claiming *c = arg;
    enum status st = find(conn, call, c);

    for (size_t i = 0; st == ST_OK && i < c->n; i++)
        st = move(conn, call, c, &c->out[i]);
    return st;
}

static enum status mend_row(struct dbc_conn *conn, const struct call *call,
                            const struct claiming *c, struct uuid id)
{
    struct dbc_stmt *s = dbc_prepare(conn, c->self->mend);

    dbc_bind_uuid(s, id);
    dbc_bind_int(s, (c->lease_ms + SWEEP_SLACK_MS) * 1000);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status find_ahead(struct dbc_conn *conn, const struct call *call, struct claiming *c)
{
    struct dbc_stmt *s = dbc_prepare(conn, c->self->find_ahead);
    enum status st;

    dbc_bind_int(s, (c->lease_ms + SWEEP_SLACK_MS) * 1000);
    dbc_bind_int(s, (int64_t)c->max);
    st = dbc_execute(s, call);
    for (; st == ST_OK && c->n < c->max && dbc_next(s); c->n++)
        dbc_col_uuid(s, &c->out[c->n].id);
    return dbc_done(s, st);
}

/* Now and then, because no index tells them from the many that are not due yet; and without locks
 * on those. */
static void mend_ahead(struct claiming *c, const struct call *call)
{
    int64_t now_ms = clock_now_ms(call->clock), due_ms = atomic_load(&c->self->mend_ms);
    struct dbc_conn *conn = NULL;
    enum status st;

    if (now_ms < due_ms ||
        !atomic_compare_exchange_strong(&c->self->mend_ms, &due_ms, now_ms + SWEEP_MEND_MS) ||
        dbc_take(c->self->pool, call, &conn) != ST_OK)
        return;
    st = find_ahead(conn, call, c);
    for (size_t i = 0; st == ST_OK && i < c->n; i++)
        st = mend_row(conn, call, c, c->out[i].id);
    dbc_give(c->self->pool, conn);
}

static enum status mysql_claim(struct sweep_rows *base, const struct call *call, int64_t lease_ms,
                               size_t max, struct sweep_claim *out, size_t *n)
{
    struct sweep_rows_mysql *self = self_of(base);
    struct claiming c = {.self = self, .lease_ms = lease_ms, .max = max, .out = out};
    enum status st;

    mend_ahead(&c, call);
    st = transactor_run(self->transactor, call, claim_body, &c);
    *n = st == ST_OK ? c.n : 0;
    return st;
}

static enum status mysql_lock(struct sweep_rows *base, struct transaction *tx,
                              const struct call *call, const struct sweep_claim *claim)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), self_of(base)->lock);
    enum status st;

    dbc_bind_uuid(s, claim->id);
    dbc_bind_time(s, claim->token);
    st = dbc_execute(s, call);
    if (st == ST_OK && !dbc_next(s))
        st = ST_STALE;
    return dbc_done(s, st);
}

static enum status mysql_overdue(struct sweep_rows *base, const struct call *call, int64_t grace_ms,
                                 size_t max, int64_t *n)
{
    struct sweep_rows_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, self->overdue);
    dbc_bind_int(s, grace_ms * 1000);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, n);
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static void mysql_destroy(struct sweep_rows *base)
{
    struct sweep_rows_mysql *self;

    if (!base)
        return;
    self = self_of(base);
    self->transactor->ops->destroy(self->transactor);
    free(self);
}

static const struct sweep_rows_ops MYSQL_OPS = {
    .claim = mysql_claim,
    .lock = mysql_lock,
    .overdue = mysql_overdue,
    .destroy = mysql_destroy,
};

static void write_sql(char sql[SQL_MAX], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void write_sql(char sql[SQL_MAX], const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    ASSERT(vsnprintf(sql, SQL_MAX, fmt, args) < SQL_MAX);
    va_end(args);
}

struct sweep_rows *sweep_rows_mysql_create(struct dbc_pool *pool, const struct sweep_table *t)
{
    struct sweep_rows_mysql *self = MEM_NEW(struct sweep_rows_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    self->transactor = dbc_transactor_create(pool);
    write_sql(self->find,
              "SELECT %s, NOW(6) + INTERVAL ? MICROSECOND FROM %s WHERE %s AND %s <= NOW(6)"
              " AND %s <= NOW(6) ORDER BY %s LIMIT ? FOR UPDATE SKIP LOCKED",
              t->id, t->table, t->open, t->next, t->due, t->next);
    write_sql(self->find_ahead,
              "SELECT %s FROM %s WHERE %s AND %s > NOW(6) + INTERVAL ? MICROSECOND"
              " AND %s <= NOW(6) LIMIT ?",
              t->id, t->table, t->open, t->next, t->due);
    write_sql(self->mend,
              "UPDATE %s SET %s = NOW(6) WHERE %s = ? AND %s > NOW(6) + INTERVAL ? MICROSECOND",
              t->table, t->next, t->id, t->next);
    write_sql(self->move, "UPDATE %s SET %s = ? WHERE %s = ?", t->table, t->next, t->id);
    write_sql(self->lock, "SELECT 1 FROM %s WHERE %s = ? AND %s AND %s = ? FOR UPDATE", t->table,
              t->id, t->open, t->next);
    write_sql(self->overdue,
              "SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s AND"
              " %s < NOW(6) - INTERVAL ? MICROSECOND LIMIT ?) AS late",
              t->table, t->open, t->due);
    return &self->base;
}
