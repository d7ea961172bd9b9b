/* conn.c - what a fault means for the connection it came over. */
#include "tool/dbc/conn.h"

#include <stdlib.h>
#include <time.h>

#include "tool/core/log.h"
#include "tool/core/uuid.h"

/* Messages of SQLSTATE class 42 quote our SQL only; others may quote data. */
static void log_fault(const struct dbc_conn *conn, enum log_level level, const char *what,
                      const char *sql)
{
    const char *sqlstate = driver_sqlstate(conn->driver);
    bool ours = sqlstate[0] == '4' && sqlstate[1] == '2';

    LOG_LINE(level, what, LOG_INT("error", driver_errno(conn->driver)),
             LOG_TEXT("sqlstate", sqlstate),
             LOG_TEXT("reason", ours ? driver_message(conn->driver) : NULL), LOG_TEXT("sql", sql),
             LOG_END);
}

enum driver_fault dbc_conn_fault(struct dbc_conn *conn, enum driver_fault fault, const char *sql)
{
    if (fault == DRIVER_OK || fault == DRIVER_DUPLICATE)
        return fault;
    metric_add(conn->counts->faults[fault], 1);
    if (fault == DRIVER_SQL)
        log_fault(conn, LOG_ERROR, "database refuses a statement", sql);
    else if (fault == DRIVER_REFUSED)
        log_fault(conn, LOG_WARN, "database cannot do a statement now", sql);
    else if (fault == DRIVER_LOST)
        log_fault(conn, LOG_WARN, "database connection lost", sql);
    else if (fault == DRIVER_MISPLACED)
        log_fault(conn, LOG_WARN, "database may not be written to where it is", sql);
    if (fault == DRIVER_LOST || fault == DRIVER_MISPLACED || conn->in_tx)
        conn->doomed = fault;
    return fault;
}

enum status dbc_fault_status(enum driver_fault fault)
{
    switch (fault) {
    case DRIVER_OK:
        return ST_OK;
    case DRIVER_DUPLICATE:
        return ST_CONFLICT;
    case DRIVER_SQL:
        return ST_INTERNAL;
    case DRIVER_CONTENDED:
    case DRIVER_REFUSED:
    case DRIVER_MISPLACED:
    case DRIVER_FULL:
    case DRIVER_LOST:
    case DRIVER_FAULTS:
        break;
    }
    return ST_UNAVAILABLE;
}

struct dbc_conn *dbc_tx_conn(struct transaction *tx)
{
    return tx->conn;
}

bool dbc_conn_ends(const struct dbc_conn *conn)
{
    return conn->doomed == DRIVER_LOST || conn->doomed == DRIVER_MISPLACED;
}

void dbc_tx_committed(struct transaction *tx, void (*fn)(void *arg), void *arg)
{
    tx->committed = fn;
    tx->committed_arg = arg;
}

void dbc_conn_rollback(struct dbc_conn *conn)
{
    if (conn->in_tx && !dbc_conn_ends(conn)) {
        conn->doomed = DRIVER_OK;
        if (driver_query(conn->driver, "ROLLBACK") != DRIVER_OK)
            conn->doomed = DRIVER_LOST; /* a connection in an unknown state is no connection */
    }
    conn->in_tx = false;
}

bool dbc_pause(const struct call *call, int attempt)
{
    uint16_t jitter;
    int64_t pause_us;
    struct timespec pause;

    ENTROPY_SYSTEM.fill(&ENTROPY_SYSTEM, &jitter, sizeof(jitter));
    pause_us = 5000 + jitter % 45000;
    if (attempt >= DBC_RETRIES_MAX || call_left_ms(call) * 1000 <= pause_us)
        return false;
    pause = (struct timespec){.tv_nsec = pause_us * 1000};
    nanosleep(&pause, NULL); /* lint: allow sleep nobody can wake a deadlock's loser */
    return true;
}

void dbc_conn_free_stmts(struct dbc_conn *conn)
{
    for (size_t i = 0; i < conn->n_stmts; i++)
        dbc_stmt_free(conn->stmts[i]);
    conn->n_stmts = 0;
}
