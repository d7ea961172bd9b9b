/* view_tables_mysql.c - see view_tables_mysql.h. */
#include "tool/store/mysql/view_tables_mysql.h"

#include <stdio.h>

#include "tool/core/mem.h"
#include "tool/dbc/statement.h"

struct view_tables_mysql {
    struct view_tables base;
    struct dbc_pool *pool;
    const char *read, *next; /* their names */
};

enum { SQL_SIZE = 512 };

/* One statement, so that there is no moment without a table. */
static const char SQL_SWAP[] = "RENAME TABLE `%s` TO `%s_old`, `%s` TO `%s`, `%s_old` TO `%s`";
static const char SQL_EMPTY[] = "TRUNCATE TABLE `%s`";

static struct view_tables_mysql *mysql_of(struct view_tables *base)
{
    return container_of(base, struct view_tables_mysql, base);
}

static enum status run(struct view_tables_mysql *self, const struct call *call, const char *sql)
{
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
    struct view_tables_mysql *self = mysql_of(base);
    char sql[SQL_SIZE];

    snprintf(sql, sizeof(sql), SQL_EMPTY, self->next);
    return run(self, call, sql);
}

static enum status mysql_swap(struct view_tables *base, const struct call *call)
{
    struct view_tables_mysql *self = mysql_of(base);
    char sql[SQL_SIZE];

    snprintf(sql, sizeof(sql), SQL_SWAP, self->read, self->read, self->next, self->read, self->read,
             self->next);
    return run(self, call, sql);
}

static void mysql_destroy(struct view_tables *base)
{
    free(mysql_of(base));
}

static const struct view_tables_ops MYSQL_OPS = {
    .empty = mysql_empty,
    .swap = mysql_swap,
    .destroy = mysql_destroy,
};

struct view_tables *view_tables_mysql_create(struct dbc_pool *pool, const struct table *read,
                                             const struct table *next)
{
    struct view_tables_mysql *self = MEM_NEW(struct view_tables_mysql);

    *self = (struct view_tables_mysql){{&MYSQL_OPS}, pool, read->name, next->name};
    return &self->base;
}
