/* pool_shed.c - connections that were needed once and are not any more: each costs some hundred KB,
 * in this process for its prepared statements and in the server for its thread. */
#include <malloc.h>

#include "tool/dbc/pool_private.h"

enum { POOL_UNUSED_MS = 60 * 1000 };

/* What was used last is on top, so the lowest has been idle for the longest time. NULL = even that
 * one was used of late. */
static struct dbc_conn *take_unused(struct dbc_pool *pool)
{
    struct dbc_conn **link = &pool->top, *conn;

    pthread_mutex_lock(&pool->lock);
    while (*link && (*link)->next)
        link = &(*link)->next;
    conn = *link;
    if (conn && clock_now_ms(pool->clock) - conn->used_ms <= POOL_UNUSED_MS)
        conn = NULL;
    if (conn) {
        *link = NULL;
        pool->open--;
        metric_add(pool->idle, -1);
    }
    pthread_mutex_unlock(&pool->lock);
    return conn;
}

void dbc_pool_shed(struct dbc_pool *pool)
{
    struct dbc_conn *conn = take_unused(pool);

    if (!conn)
        return;
    for (; conn; conn = take_unused(pool))
        dbc_conn_free(conn);
    (void)malloc_trim(0); /* they lay between what others have allocated */
}
