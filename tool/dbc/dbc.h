/* dbc.h - MariaDB behind a pool: driver*.c know the driver. Statements are prepared once a
 * connection and kept; a builder keeps its first error and reports it once, from execute or fetch.
 *
 *   struct dbc_stmt *s = dbc_prepare(conn, "SELECT name FROM t WHERE id = ?");
 *   dbc_bind_uuid(s, id);
 *   st = dbc_execute(s, call);
 *   if (st == ST_OK && dbc_next(s))
 *       dbc_col_text(s, name, sizeof(name));
 *   st = dbc_done(s, st);            // always: hands the statement back
 */
#ifndef TOOL_DBC_DBC_H
#define TOOL_DBC_DBC_H

#include <stdbool.h>

#include "tool/core/transaction.h"
#include "tool/core/uuid.h"
#include "tool/metrics/metrics.h"

struct dbc_pool;
struct dbc_conn;
struct dbc_stmt;

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
/** A round trip. ST_OK | ST_UNAVAILABLE (*why: a short text without secrets, static or
 * thread-local) */
enum status dbc_ping(struct dbc_pool *pool, const struct call *call, const char **why);

/** Blocks until a connection is free, call->deadline_ms at most. A dead idle one is replaced.
 * ST_OK | ST_UNAVAILABLE | ST_OVERLOADED (none free in time) */
enum status dbc_take(struct dbc_pool *pool, const struct call *call, struct dbc_conn **out);
/** NULL is fine. A transaction left open is rolled back; a broken connection is thrown away. */
void dbc_give(struct dbc_pool *pool, struct dbc_conn *conn);

/** READ COMMITTED transactions over the pool: tool/core/transaction.h. */
struct transactor *dbc_transactor_create(struct dbc_pool *pool);
/** The connection a transaction of this module runs on; borrowed, inside the body only. */
struct dbc_conn *dbc_tx_conn(struct transaction *tx);

/** Takes a connection when tx is NULL, else the transaction's: for ops that may join or not.
 * Pair with dbc_leave. */
enum status dbc_join(struct dbc_pool *pool, struct transaction *tx, const struct call *call,
                     struct dbc_conn **out);
void dbc_leave(struct dbc_pool *pool, struct transaction *tx, struct dbc_conn *conn);

/** sql: copied; its text is the cache's key, and of each connection's statements those that were
 * not used for the longest time make room. Never NULL. */
struct dbc_stmt *dbc_prepare(struct dbc_conn *conn, const char *sql);
/* In order of the question marks. Texts are borrowed until dbc_execute. */
void dbc_bind_text(struct dbc_stmt *s, const char *text); /* NULL = SQL NULL */
void dbc_bind_uuid(struct dbc_stmt *s, struct uuid id);
void dbc_bind_int(struct dbc_stmt *s, int64_t v);
void dbc_bind_time(struct dbc_stmt *s, int64_t wall_us); /* DATETIME(6), UTC */
void dbc_bind_date(struct dbc_stmt *s, int32_t days);    /* DATE, since 1970-01-01 */

/** Runs it and stores the result. Not begun when the call's time is over (ST_UNAVAILABLE); once
 * begun, the statement time-out bounds it. ST_OK | ST_CONFLICT (duplicate key: dbc_conflict_key) |
 * ST_UNAVAILABLE | ST_UNCERTAIN (lost during an autocommitted write) | ST_INTERNAL (our SQL;
 * logged) */
enum status dbc_execute(struct dbc_stmt *s, const struct call *call);
/** Rows matched by UPDATE, DELETE, INSERT (matched, not only changed: CLIENT_FOUND_ROWS). */
int64_t dbc_affected(const struct dbc_stmt *s);
/** After ST_CONFLICT: the name of the unique key that refused ("login_id"). "" when unknown. */
const char *dbc_conflict_key(const struct dbc_stmt *s);
/** Next row; false after the last. */
bool dbc_next(struct dbc_stmt *s);
/** Whether the column that comes next is NULL. */
bool dbc_col_null(const struct dbc_stmt *s);
/* Columns in order; NULL gives "" / nil / 0. A column of another type, a text longer than size, a
 * number beyond 64 bits give the same and an error that dbc_done reports, after a log line that
 * names the column. Integers are read from the integer types and from DECIMAL without decimals; no
 * function reads DOUBLE, FLOAT, DECIMAL with decimals. */
void dbc_col_text(struct dbc_stmt *s, char *out, size_t size);
void dbc_col_uuid(struct dbc_stmt *s, struct uuid *out);
void dbc_col_int(struct dbc_stmt *s, int64_t *out);
void dbc_col_time(struct dbc_stmt *s, int64_t *wall_us);
void dbc_col_date(struct dbc_stmt *s, int32_t *days);
void dbc_col_skip(struct dbc_stmt *s);
/** The column read last cannot be used: logged, and an error that dbc_done reports. */
void dbc_col_fault(struct dbc_stmt *s, const char *why);
/** Hands the statement back to the connection's cache. Returns st, or ST_INTERNAL when st is ST_OK
 * but a column did not fit. */
enum status dbc_done(struct dbc_stmt *s, enum status st);

#endif
