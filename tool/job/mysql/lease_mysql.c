/* lease_mysql.c - see lease_mysql.h. free_at is when a lease ends or, given back, when the name is
 * due again: either way it may be taken from then on. */
#include "tool/job/mysql/lease_mysql.h"

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

/* Makes the row when there is none, and locks it at once: a plain INSERT that is refused would take
 * a shared lock, on which two that go on deadlock. A row that was taken in the future has seen the
 * clock set back since: what is left is as long as it ever was. */
static const char SQL_LOCK[] =
    "INSERT INTO job_lease (name, holder, fence, taken_at, free_at)"
    " VALUES (?, ?, 0, NOW(6), NOW(6)) ON DUPLICATE KEY UPDATE"
    " free_at = IF(taken_at > NOW(6),"
    " NOW(6) + INTERVAL TIMESTAMPDIFF(MICROSECOND, taken_at, free_at) MICROSECOND, free_at),"
    " taken_at = LEAST(taken_at, NOW(6))";
static const char SQL_LOOK[] =
    "SELECT fence, GREATEST((TIMESTAMPDIFF(MICROSECOND, NOW(6), free_at) + 999) DIV 1000, 0)"
    " FROM job_lease WHERE name = ?";
static const char SQL_TAKE[] =
    "UPDATE job_lease SET holder = ?, fence = fence + 1, taken_at = NOW(6),"
    " free_at = NOW(6) + INTERVAL ? MICROSECOND WHERE name = ?";
static const char SQL_CHECK[] = "SELECT fence FROM job_lease WHERE name = ? FOR UPDATE";
static const char SQL_GIVE[] = "UPDATE job_lease SET free_at = NOW(6) + INTERVAL ? MICROSECOND"
                               " WHERE name = ? AND fence = ?";

struct lease_mysql {
    struct lease base;
    struct dbc_pool *pool;
    struct transactor *transactor;
};

struct taking {
    const char *name;
    struct uuid holder;
    int64_t lease_ms, fence, wait_ms;
    bool mended; /* its row: to be committed also when nothing is taken */
};

static struct lease_mysql *self_of(struct lease *base)
{
    return container_of(base, struct lease_mysql, base);
}

static enum status lock_row(struct dbc_conn *conn, const struct call *call, struct taking *t)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_LOCK);
    enum status st;

    dbc_bind_text(s, t->name);
    dbc_bind_uuid(s, t->holder);
    st = dbc_execute(s, call);
    t->mended = st == ST_OK && dbc_affected(s) == 2; /* 1: made, or as it was */
    return dbc_done(s, st);
}

static enum status look(struct dbc_conn *conn, const struct call *call, struct taking *t)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_LOOK);
    enum status st;

    dbc_bind_text(s, t->name);
    st = dbc_execute(s, call);
    if (st == ST_OK && !dbc_next(s))
        st = ST_INTERNAL; /* somebody empties the table under us */
    if (st == ST_OK) {
        dbc_col_int(s, &t->fence);
        dbc_col_int(s, &t->wait_ms);
    }
    return dbc_done(s, st);
}

static enum status take_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct taking *t = arg;
    enum status st = lock_row(conn, call, t);
    struct dbc_stmt *s;

    if (st == ST_OK)
        st = look(conn, call, t);
    if (st == ST_OK && t->wait_ms > 0)
        return t->mended ? ST_OK : ST_CONFLICT;
    if (st != ST_OK)
        return st;
    t->fence++;
    s = dbc_prepare(conn, SQL_TAKE);
    dbc_bind_uuid(s, t->holder);
    dbc_bind_int(s, t->lease_ms * 1000);
    dbc_bind_text(s, t->name);
    return dbc_done(s, dbc_execute(s, call));
}

static enum status mysql_take(struct lease *base, const struct call *call, const char *name,
                              struct uuid holder, int64_t lease_ms, int64_t *fence,
                              int64_t *wait_ms)
{
    struct taking t = {.name = name, .holder = holder, .lease_ms = lease_ms};
    enum status st = transactor_run(self_of(base)->transactor, call, take_body, &t);

    if (st == ST_OK && t.wait_ms > 0)
        st = ST_CONFLICT;
    if (st == ST_OK)
        *fence = t.fence;
    if (st == ST_CONFLICT)
        *wait_ms = t.wait_ms;
    return st;
}

static enum status mysql_check(struct lease *base, struct transaction *tx, const struct call *call,
                               const char *name, int64_t fence)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), SQL_CHECK);
    int64_t now = -1;
    enum status st;

    (void)base;
    dbc_bind_text(s, name);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, &now);
    st = dbc_done(s, st);
    return st == ST_OK && now != fence ? ST_STALE : st;
}

static enum status mysql_give(struct lease *base, const struct call *call, const char *name,
                              int64_t fence, int64_t next_ms)
{
    struct lease_mysql *self = self_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, SQL_GIVE);
    dbc_bind_int(s, next_ms * 1000);
    dbc_bind_text(s, name);
    dbc_bind_int(s, fence);
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_affected(s) != 1)
        st = ST_STALE;
    st = dbc_done(s, st);
    dbc_give(self->pool, conn);
    return st;
}

static void mysql_destroy(struct lease *base)
{
    struct lease_mysql *self;

    if (!base)
        return;
    self = self_of(base);
    self->transactor->ops->destroy(self->transactor);
    free(self);
}

static const struct lease_ops MYSQL_OPS = {
    .take = mysql_take,
    .check = mysql_check,
    .give = mysql_give,
    .destroy = mysql_destroy,
};

struct lease *lease_mysql_create(struct dbc_pool *pool)
{
    struct lease_mysql *self = MEM_NEW(struct lease_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    self->transactor = dbc_transactor_create(pool);
    return &self->base;
}
