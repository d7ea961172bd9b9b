/* view_tables_mysql.c - see view_tables_mysql.h. */
#include "dataservice/dashboard/mysql/view_tables_mysql.h"

#include "tool/core/mem.h"
#include "tool/dbc/statement.h"

struct view_tables_mysql {
    struct view_tables base;
    struct dbc_pool *pool;
};

/* One statement, so that there is no moment without a table. */
static const char SQL_SWAP[] = "RENAME TABLE dashboard TO dashboard_old,"
                               " dashboard_next TO dashboard, dashboard_old TO dashboard_next";
static const char SQL_EMPTY[] = "TRUNCATE TABLE dashboard_next";

static enum status run(struct view_tables *base, const struct call *call, const char *sql)
{
    struct view_tables_mysql *self = container_of(base, struct view_tables_mysql, base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(self->pool, call, &conn);

    if (st == ST_OK) {
        struct dbc_stmt *s = dbc_prepare(conn, sql);
        st = dbc_done(s, dbc_execute(s, call));
    }
    dbc_give(self->pool, conn);
    return st;
}

static enum status mysql_empty(struct view_tables *base, const struct call *call)
{
    return run(base, call, SQL_EMPTY);
}

static enum status mysql_swap(struct view_tables *base, const struct call *call)
{
    return run(base, call, SQL_SWAP);
}

static void mysql_destroy(struct view_tables *base)
{
    free(container_of(base, struct view_tables_mysql, base));
}

static const struct view_tables_ops MYSQL_OPS = {
    .empty = mysql_empty,
    .swap = mysql_swap,
    .destroy = mysql_destroy,
};

struct view_tables *view_tables_mysql_create(struct dbc_pool *pool)
{
    struct view_tables_mysql *self = MEM_NEW(struct view_tables_mysql);

    self->base.ops = &MYSQL_OPS;
    self->pool = pool;
    return &self->base;
}
