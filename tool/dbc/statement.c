/* statement.c - prepared statements, kept with their connection. */
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/conn.h"
#include "tool/dbc/dbc_text.h"
#include "tool/dbc/driver_stmt.h"

void dbc_stmt_free(struct dbc_stmt *s)
{
    driver_stmt_close(s->handle);
    free(s->values);
    free(s->sql);
    free(s);
}

/* The index of one with that text that nobody is using, or n_stmts. */
static size_t find_stmt(const struct dbc_conn *conn, const char *sql, size_t len)
{
    size_t i;

    for (i = 0; i < conn->n_stmts; i++) {
        const struct dbc_stmt *s = conn->stmts[i];
        if (s->sql_len == len && !s->in_use && memcmp(s->sql, sql, len) == 0)
            break;
    }
    return i;
}

/* The one that nobody has used for the longest time makes room. */
static void make_room(struct dbc_conn *conn)
{
    size_t i = conn->n_stmts;

    if (conn->n_stmts < DBC_STATEMENTS_MAX)
        return;
    while (i > 0 && conn->stmts[i - 1]->in_use)
        i--;
    ASSERT(i > 0); /* so many at once: somebody does not hand them back */
    dbc_stmt_free(conn->stmts[i - 1]);
    memmove(&conn->stmts[i - 1], &conn->stmts[i], (conn->n_stmts - i) * sizeof(conn->stmts[0]));
    conn->n_stmts--;
}

static struct dbc_stmt *take_stmt(struct dbc_conn *conn, const char *sql)
{
    size_t len = strlen(sql), i = find_stmt(conn, sql, len);
    struct dbc_stmt *s;

    if (i < conn->n_stmts) {
        s = conn->stmts[i];
    } else {
        make_room(conn);
        s = MEM_NEW(struct dbc_stmt);
        s->conn = conn;
        s->sql = mem_strdup(sql);
        s->sql_len = len;
        i = conn->n_stmts++;
    }
    memmove(&conn->stmts[1], &conn->stmts[0], i * sizeof(conn->stmts[0]));
    conn->stmts[0] = s;
    return s;
}

struct dbc_stmt *dbc_prepare(struct dbc_conn *conn, const char *sql)
{
    struct dbc_stmt *s = take_stmt(conn, sql);

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
    if (s->n_values == s->max_values) {
        size_t max = s->max_values ? s->max_values * 2 : 4;
        struct driver_value *values = mem_alloc(max, sizeof(*values));
        if (s->n_values > 0)
            memcpy(values, s->values, s->n_values * sizeof(*values));
        free(s->values);
        s->values = values;
        s->max_values = max;
    }
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
    *next_value(s) = (struct driver_value){.kind = DRIVER_ID, .id = id};
}

void dbc_bind_int(struct dbc_stmt *s, int64_t v)
{
    *next_value(s) = (struct driver_value){.kind = DRIVER_INT, .num = v};
}

void dbc_bind_time(struct dbc_stmt *s, int64_t wall_us)
{
    *next_value(s) = (struct driver_value){.kind = DRIVER_TIME, .num = wall_us};
}

void dbc_bind_date(struct dbc_stmt *s, int32_t days)
{
    *next_value(s) = (struct driver_value){.kind = DRIVER_DATE, .num = days};
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

/* What this connection has prepared and is not using: the server keeps so many for all. */
static bool drop_handles(struct dbc_conn *conn)
{
    bool dropped = false;

    for (size_t i = 0; i < conn->n_stmts; i++) {
        struct dbc_stmt *s = conn->stmts[i];
        if (s->in_use || !s->handle)
            continue;
        driver_stmt_close(s->handle);
        s->handle = NULL;
        dropped = true;
    }
    return dropped;
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
    if (!s->handle && fault == DRIVER_REFUSED && drop_handles(s->conn))
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
    if (fault == DRIVER_LOST || fault == DRIVER_MISPLACED)
        conn->doomed = fault;
    return dbc_fault_status(fault);
}
