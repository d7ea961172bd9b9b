/* pool_private.h - what a pool is: private to tool/dbc. */
#ifndef TOOL_DBC_POOL_PRIVATE_H
#define TOOL_DBC_POOL_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "tool/dbc/conn.h"

struct dbc_pool {
    struct dbc_config config; /* texts are owned */
    const struct clock *clock;
    struct dbc_counts counts;
    atomic_uint_fast64_t opened; /* connections, since the start */
    atomic_uint place;           /* rises when the database is found to be elsewhere now */
    struct metric *busy, *idle, *unreachable, *exhausted;
    pthread_mutex_t lock;
    /* below: under lock */
    pthread_cond_t freed;
    struct dbc_conn *top;
    unsigned open;     /* idle, busy and being opened */
    unsigned room;     /* as many the server has room for, as far as is known ... */
    int64_t full_ms;   /* ... since it had none for one more */
    bool away;         /* the last connect failed ... */
    bool trying;       /* ... and somebody is trying again */
    int64_t failed_ms; /* when it failed */
    char why[DBC_WHY_MAX + 1];
};

/** Ends one that is in no pool any more. */
void dbc_conn_free(struct dbc_conn *conn);
/** Closes connections that nobody has used for a minute. Any thread. */
void dbc_pool_shed(struct dbc_pool *pool);

#endif
