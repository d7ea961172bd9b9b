/* pool.h - MariaDB behind a pool of connections. Only driver*.c know the driver. */
#ifndef TOOL_DBC_POOL_H
#define TOOL_DBC_POOL_H

#include "tool/core/transaction.h"
#include "tool/metrics/metrics.h"

enum { DBC_WHY_MAX = 255 };

struct dbc_pool;
struct dbc_conn;

struct dbc_config {
    const char *socket; /* unix socket; NULL or "" = host and port */
    const char *host;
    int port;
    const char *user, *password, *schema;
    const char *tls_ca;      /* PEM; NULL or "" = plain; set = verified or refused */
    unsigned connections;    /* at most */
    int statement_timeout_s; /* the server gives a statement up after it; 0 = 4 */
    struct metrics *metrics;
};

/** Copies the texts. Connects lazily. */
struct dbc_pool *dbc_pool_create(const struct dbc_config *config, const struct clock *clock);
void dbc_pool_destroy(struct dbc_pool *pool);
/** A round trip, which also finds out whether the database may still be written to there, and
 * closes what connections nobody has used for a minute: asked again and again. ST_OK |
 * ST_UNAVAILABLE (*why: a short text without secrets, static or thread-local) */
enum status dbc_ping(struct dbc_pool *pool, const struct call *call, const char **why);
/** Why no connection could be made the last time it was tried, without secrets; "" = one could. Any
 * thread. */
void dbc_why(struct dbc_pool *pool, char text[DBC_WHY_MAX + 1]);

/** Blocks until a connection is free, call->deadline_ms at most. A dead idle one is replaced.
 * ST_OK | ST_UNAVAILABLE | ST_OVERLOADED (none free in time) */
enum status dbc_take(struct dbc_pool *pool, const struct call *call, struct dbc_conn **out);
/** NULL is fine. A transaction left open is rolled back; a broken connection is thrown away. */
void dbc_give(struct dbc_pool *pool, struct dbc_conn *conn);

/** Takes a connection when tx is NULL, else the transaction's: for ops that may join or not.
 * Pair with dbc_leave. */
enum status dbc_join(struct dbc_pool *pool, struct transaction *tx, const struct call *call,
                     struct dbc_conn **out);
void dbc_leave(struct dbc_pool *pool, struct transaction *tx, struct dbc_conn *conn);

#endif
