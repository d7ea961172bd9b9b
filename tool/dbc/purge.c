/* purge.c - see purge.h. */
#include "tool/dbc/purge.h"
#include "tool/dbc/statement.h"

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
