/* ping.c - whether the database is there, and is it. */
#include <stdbool.h>

#include "tool/dbc/pool_private.h"

static enum status ping(struct dbc_pool *pool, const struct call *call, bool *misplaced)
{
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(pool, call, &conn);

    *misplaced = false;
    if (st == ST_OK) {
        enum driver_fault fault = driver_check_place(conn->driver);
        st = dbc_fault_status(dbc_conn_fault(conn, fault, "ping"));
        *misplaced = fault == DRIVER_MISPLACED;
    }
    dbc_give(pool, conn);
    return st;
}

enum status dbc_ping(struct dbc_pool *pool, const struct call *call, const char **why)
{
    static _Thread_local char text[DBC_WHY_MAX + 1];
    bool misplaced;
    enum status st = ping(pool, call, &misplaced);

    if (misplaced) /* a new connection says where it leads now */
        st = ping(pool, call, &misplaced);
    dbc_pool_shed(pool);
    if (st == ST_OK)
        return ST_OK;
    dbc_why(pool, text);
    *why = *text ? text : "no connection free";
    return st;
}
