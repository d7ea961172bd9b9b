/* conn.h - a pooled connection and what it keeps: private to tool/dbc. */
#ifndef TOOL_DBC_CONN_H
#define TOOL_DBC_CONN_H

#include "tool/dbc/driver.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"

/* Prepared statements are kept on the server too, which has 16382 for all connections. */
enum { DBC_STATEMENTS_MAX = 64, DBC_KEY_MAX = 64, DBC_RETRIES_MAX = 5 };

struct dbc_stmt {
    struct dbc_conn *conn;
    char *sql; /* a copy: the key of the cache is the text, wherever it stood */
    size_t sql_len;
    struct driver_stmt *handle; /* NULL until first used, and after a fault */
    bool in_use;
    enum status st; /* the builder's first error */
    struct driver_value *values;
    size_t n_values, max_values, column;
    int64_t affected;
    char conflict_key[DBC_KEY_MAX + 1];
};

/* What the connections of a pool count. */
struct dbc_counts {
    struct metric *faults[DRIVER_FAULTS]; /* hanok_db_errors_total */
};

struct transaction {
    struct dbc_conn *conn;
    void (*committed)(void *arg); /* NULL = nobody wants to know */
    void *committed_arg;
};

struct dbc_conn {
    struct dbc_conn *next;       /* below it in the pool's stack */
    const struct dbc_pool *pool; /* whose it is */
    struct dbc_counts *counts;
    struct driver *driver;
    int64_t opened_ms, used_ms;
    uint64_t number; /* 1, 2 ... as they were opened */
    unsigned place;  /* the pool's, when it was opened */
    bool autocommit; /* how its session is; false: any statement begins a transaction */
    bool in_tx;      /* never with autocommit */
    /* DRIVER_LOST, DRIVER_MISPLACED: the connection is thrown away. Any other but DRIVER_OK: the
     * transaction can only be rolled back; after a deadlock the server has left it, so that a
     * further statement would begin another one. */
    enum driver_fault doomed;
    struct dbc_stmt *stmts[DBC_STATEMENTS_MAX]; /* the one used last first */
    size_t n_stmts, n_in_use;
};

/** Counts and logs a fault and dooms the connection's transaction where it must; returns fault. */
enum driver_fault dbc_conn_fault(struct dbc_conn *conn, enum driver_fault fault, const char *sql);
/** What a fault of an open transaction, or of a statement that wrote nothing, is to the caller. */
enum status dbc_fault_status(enum driver_fault fault);
/** For further connections of the same kind; as long as the pool. */
const struct dbc_config *dbc_pool_config(const struct dbc_pool *pool);
/** As dbc_take, for a transaction: without autocommit, and with in_tx set, so that it begins with
 * its first statement and no round trip of its own. */
enum status dbc_take_tx(struct dbc_pool *pool, const struct call *call, struct dbc_conn **out);
/** Whether it is to be thrown away for what has happened on it. */
bool dbc_conn_ends(const struct dbc_conn *conn);
/** Ends what transaction there is. */
void dbc_conn_rollback(struct dbc_conn *conn);
/** Waits 5 to 50 ms, so that two that collided do not collide again. False when there is no time
 * left or attempt (from 0) was the last one allowed. */
bool dbc_pause(const struct call *call, int attempt);
void dbc_conn_free_stmts(struct dbc_conn *conn);
void dbc_stmt_free(struct dbc_stmt *s);

#endif
