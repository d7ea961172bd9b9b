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

enum { SQL_SIZE = 1024 };

/* One statement, which nobody who stands still can be in the middle of. It is done under a lock of
 * the server, which stays where a statement that defines data ends each transaction: whoever takes
 * the lease meanwhile waits for it. Both time-outs are shorter than a statement's, for one that is
 * killed would keep the lock. */
#define LOCK "CONCAT('view_tables.', DATABASE())"
#define FENCED(sql)                                                                                \
    "BEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR SQLEXCEPTION"                                       \
    " BEGIN DO RELEASE_LOCK(" LOCK "); RESIGNAL; END;"                                             \
    " IF NOT GET_LOCK(" LOCK ", 1) <=> 1 THEN"                                                     \
    " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205; END IF;" /* a lock that took too long */     \
    " IF NOT EXISTS (SELECT 1 FROM job_lease"                                                      \
    " WHERE name = '" VIEW_TABLES_JOB "' AND fence = @fence) THEN"                                 \
    " SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062; END IF;" /* a key that is taken */           \
    " SET STATEMENT lock_wait_timeout = 2 FOR " sql "; DO RELEASE_LOCK(" LOCK "); END"

/* One renaming, so that there is no moment without a table. */
static const char SQL_SWAP[] =
    FENCED("RENAME TABLE `%s` TO `%s_old`, `%s` TO `%s`, `%s_old` TO `%s`");
static const char SQL_EMPTY[] = FENCED("TRUNCATE TABLE `%s`");
static const char SQL_FENCE[] = "SET @fence = ?";

static struct view_tables_mysql *mysql_of(struct view_tables *base)
{
    return container_of(base, struct view_tables_mysql, base);
}

static enum status run(struct view_tables_mysql *self, const struct call *call, int64_t fence,
                       const char *sql)
{
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    enum status st = dbc_take(self->pool, call, &conn);

    if (st == ST_OK) {
        s = dbc_prepare(conn, SQL_FENCE);
        dbc_bind_int(s, fence);
        st = dbc_done(s, dbc_execute(s, call));
    }
    if (st == ST_OK) {
        s = dbc_prepare(conn, sql);
        st = dbc_done(s, dbc_execute(s, call));
    }
    dbc_give(self->pool, conn);
    return st == ST_CONFLICT ? ST_STALE : st;
}

static enum status mysql_empty(struct view_tables *base, const struct call *call, int64_t fence)
{
    struct view_tables_mysql *self = mysql_of(base);
    char sql[SQL_SIZE];

    snprintf(sql, sizeof(sql), SQL_EMPTY, self->next);
    return run(self, call, fence, sql);
}

static enum status mysql_swap(struct view_tables *base, const struct call *call, int64_t fence)
{
    struct view_tables_mysql *self = mysql_of(base);
    char sql[SQL_SIZE];

    snprintf(sql, sizeof(sql), SQL_SWAP, self->read, self->read, self->next, self->read, self->read,
             self->next);
    return run(self, call, fence, sql);
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
