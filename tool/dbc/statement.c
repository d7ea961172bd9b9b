/* statement.c - prepared statements, kept with their connection; parameters in, columns out. */
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/conn.h"
#include "tool/dbc/dbc_text.h"

static struct dbc_stmt *find_stmt(const struct dbc_conn *conn, const char *sql)
{
    for (size_t i = 0; i < conn->n_stmts; i++)
        if (conn->stmts[i]->sql == sql)
            return conn->stmts[i];
    return NULL;
}

struct dbc_stmt *dbc_prepare(struct dbc_conn *conn, const char *sql)
{
    struct dbc_stmt *s = find_stmt(conn, sql);

    if (!s) {
        ASSERT(conn->n_stmts < DBC_STATEMENTS_MAX);
        s = MEM_NEW(struct dbc_stmt);
        s->conn = conn;
        s->sql = sql;
        conn->stmts[conn->n_stmts++] = s;
    }
    ASSERT(!s->in_use);
    s->in_use = true;
    conn->n_in_use++;
    s->st = ST_OK;
    s->n_values = 0;
    s->column = 0;
    s->affected = 0;
    s->conflict_key[0] = '\0';
    return s;
}

static struct driver_value *next_value(struct dbc_stmt *s)
{
    ASSERT(s->n_values < DRIVER_PARAMS_MAX);
    return &s->values[s->n_values++];
}

void dbc_bind_text(struct dbc_stmt *s, const char *text)
{
    if (text)
        *next_value(s) =
            (struct driver_value){.kind = DRIVER_BYTES, .bytes = text, .len = strlen(text)};
    else
        *next_value(s) = (struct driver_value){.kind = DRIVER_NULL};
}

void dbc_bind_uuid(struct dbc_stmt *s, struct uuid id)
{
    struct driver_value *value = next_value(s);
    struct uuid *copy = &s->ids[value - s->values];

    *copy = id;
    *value = (struct driver_value){.kind = DRIVER_BYTES, .bytes = copy->b, .len = sizeof(copy->b)};
}

void dbc_bind_int(struct dbc_stmt *s, int64_t v)
{
    *next_value(s) = (struct driver_value){.kind = DRIVER_INT, .num = v};
}

void dbc_bind_time(struct dbc_stmt *s, int64_t wall_us)
{
    *next_value(s) = (struct driver_value){.kind = DRIVER_TIME, .num = wall_us};
}

/* "Duplicate entry 'x' for key 'login_id'" (or 'user.login_id'): the last quoted word, as x may
 * hold anything. */
static void note_conflict_key(struct dbc_stmt *s, const char *message)
{
    const char *end = strrchr(message, '\'');
    const char *begin = end;
    size_t len;

    if (!end)
        return;
    while (begin > message && begin[-1] != '\'' && begin[-1] != '.')
        begin--;
    len = (size_t)(end - begin);
    if (begin == message || len > DBC_KEY_MAX)
        return;
    memcpy(s->conflict_key, begin, len);
    s->conflict_key[len] = '\0';
}

/* Drops the handle of a statement that failed otherwise than by a duplicate: the next use prepares
 * it anew, against the tables as they are then. */
static enum driver_fault run_handle(struct dbc_stmt *s, bool *sent)
{
    struct driver *driver = s->conn->driver;
    enum driver_fault fault = DRIVER_OK;

    *sent = false;
    if (!s->handle)
        s->handle = driver_prepare(driver, s->sql, &fault);
    if (!s->handle)
        return fault;
    *sent = !driver_stmt_reads(s->handle);
    fault = driver_execute(s->handle, s->values, s->n_values);
    if (fault == DRIVER_OK) {
        s->affected = driver_affected(s->handle);
    } else if (fault == DRIVER_DUPLICATE) {
        note_conflict_key(s, driver_message(driver));
    } else {
        driver_stmt_close(s->handle);
        s->handle = NULL;
    }
    return fault;
}

enum status dbc_execute(struct dbc_stmt *s, const struct call *call)
{
    struct dbc_conn *conn = s->conn;
    enum driver_fault fault;
    bool wrote;

    if (conn->doomed != DRIVER_OK || call_expired(call))
        return s->st = ST_UNAVAILABLE;
    for (int attempt = 0;; attempt++) {
        fault = dbc_conn_fault(conn, run_handle(s, &wrote), s->sql);
        if (fault != DRIVER_CONTENDED || conn->in_tx || !dbc_pause(call, attempt))
            break;
    }
    s->st = dbc_fault_status(fault);
    if (fault == DRIVER_LOST && wrote && !conn->in_tx)
        s->st = ST_UNCERTAIN;
    return s->st;
}

int64_t dbc_affected(const struct dbc_stmt *s)
{
    return s->affected;
}

const char *dbc_conflict_key(const struct dbc_stmt *s)
{
    return s->conflict_key;
}

bool dbc_next(struct dbc_stmt *s)
{
    s->column = 0;
    return s->st == ST_OK && driver_fetch(s->handle);
}

void dbc_col_text(struct dbc_stmt *s, char *out, size_t size)
{
    size_t column = s->column++;
    size_t len = driver_column_bytes(s->handle, column, out, size - 1);

    if (len >= size) {
        log_error("database column is longer than its field", LOG_INT("column", column),
                  LOG_TEXT("sql", s->sql));
        s->st = ST_INTERNAL;
        len = 0;
    }
    out[len] = '\0';
}

void dbc_col_uuid(struct dbc_stmt *s, struct uuid *out)
{
    size_t column = s->column++;
    size_t len;

    memset(out, 0, sizeof(*out));
    len = driver_column_bytes(s->handle, column, out->b, sizeof(out->b));
    if (len != 0 && len != sizeof(out->b)) {
        log_error("database column is no id", LOG_INT("column", column), LOG_TEXT("sql", s->sql));
        s->st = ST_INTERNAL;
    }
}

void dbc_col_int(struct dbc_stmt *s, int64_t *out)
{
    *out = driver_column_int(s->handle, s->column++);
}

void dbc_col_time(struct dbc_stmt *s, int64_t *wall_us)
{
    *wall_us = driver_column_time(s->handle, s->column++);
}

enum status dbc_done(struct dbc_stmt *s, enum status st)
{
    if (s->handle)
        driver_free_result(s->handle);
    s->in_use = false;
    s->conn->n_in_use--;
    return st == ST_OK ? s->st : st;
}

enum status dbc_run_text(struct dbc_conn *conn, const char *sql, char *why, size_t size)
{
    enum driver_fault fault = driver_query(conn->driver, sql);

    if (fault != DRIVER_OK)
        snprintf(why, size, "%s (%u)", driver_message(conn->driver), driver_errno(conn->driver));
    if (fault == DRIVER_LOST)
        conn->doomed = fault;
    return dbc_fault_status(fault);
}
