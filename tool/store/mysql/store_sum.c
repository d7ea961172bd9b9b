/* store_sum.c - what rows come to. */
#include <stdio.h>
#include <string.h>

#include "tool/dbc/column.h"
#include "tool/dbc/statement.h"
#include "tool/store/mysql/store_private.h"

/* The sum of many BIGINTs is a DECIMAL. */
static void write_sql(const struct table *t, const struct store_sums *sums, char sql[SQL_MAX + 1])
{
    char by[STORE_EQUALS_MAX * 70] = "";
    size_t len = 0;

    for (size_t i = 0; i < STORE_EQUALS_MAX && sums->by[i]; i++)
        len +=
            (size_t)snprintf(by + len, sizeof(by) - len, "%s`%s`", i > 0 ? ", " : "", sums->by[i]);
    snprintf(sql, SQL_MAX + 1,
             "SELECT %s, CAST(SUM(`%s`) AS SIGNED) FROM `%s` GROUP BY %s ORDER BY %s LIMIT ?", by,
             sums->column, t->name, by, by);
}

static void read_sum(struct dbc_stmt *s, const struct table *t, const struct store_sums *sums,
                     char *row)
{
    const struct column *c;

    memset(row, 0, t->row_size);
    for (size_t i = 0; i < STORE_EQUALS_MAX && sums->by[i]; i++) {
        c = table_find(t, sums->by[i]);
        store_read_member(s, c, row + c->offset);
    }
    c = table_find(t, sums->column);
    store_read_member(s, c, row + c->offset);
}

enum status store_mysql_sum(struct store *base, struct transaction *tx, const struct call *call,
                            const struct store_sums *sums, size_t max, void *rows, size_t *n)
{
    struct store_mysql *self = store_mysql_of(base);
    struct dbc_conn *conn = NULL;
    char sql[SQL_MAX + 1];
    struct dbc_stmt *s;
    size_t count = 0;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    if (st != ST_OK)
        return st;
    write_sql(base->table, sums, sql);
    s = dbc_prepare(conn, sql);
    dbc_bind_int(s, (int64_t)max);
    st = dbc_execute(s, call);
    while (st == ST_OK && count < max && dbc_next(s))
        read_sum(s, base->table, sums, (char *)rows + count++ * base->table->row_size);
    st = dbc_done(s, st);
    dbc_leave(self->pool, tx, conn);
    *n = count;
    return st;
}
