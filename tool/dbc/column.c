/* column.c - what a column holds, or why it cannot be read. */
#include "tool/dbc/column.h"

#include <stdlib.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/dbc/conn.h"
#include "tool/dbc/driver_column.h"

bool dbc_col_more(const struct dbc_stmt *s)
{
    return s->column < driver_columns(s->handle);
}

void dbc_col_skip(struct dbc_stmt *s)
{
    s->column++;
}

void dbc_col_fault(struct dbc_stmt *s, const char *why)
{
    char *name = driver_column_name(s->handle, s->column - 1);

    log_error("database column cannot be read", LOG_TEXT("column", name), LOG_TEXT("reason", why),
              LOG_TEXT("sql", s->sql));
    free(name);
    s->st = ST_INTERNAL;
}

/* The next column, if it has a value of that kind. A table may have changed under a statement: what
 * its columns are is the database's word, not a bug to stop the process for. */
static bool take_column(struct dbc_stmt *s, enum driver_kind kind, size_t *column)
{
    enum driver_kind is = driver_column_kind(s->handle, *column = s->column++);

    bool null = driver_column_null(s->handle, *column);

    if (is != kind && !(is == DRIVER_NULL && null))
        dbc_col_fault(s, "its type is another than is read");
    return is == kind && !null;
}

bool dbc_col_null(const struct dbc_stmt *s)
{
    return driver_column_null(s->handle, s->column);
}

void dbc_col_text(struct dbc_stmt *s, char *out, size_t size)
{
    size_t column, len = 0;

    if (take_column(s, DRIVER_BYTES, &column)) {
        len = driver_column_bytes(s->handle, column, out, size - 1);
        if (len >= size) {
            dbc_col_fault(s, "it is longer than its field");
            len = 0;
        }
    }
    out[len] = '\0';
}

void dbc_col_uuid(struct dbc_stmt *s, struct uuid *out)
{
    size_t column;

    memset(out, 0, sizeof(*out));
    if (take_column(s, DRIVER_BYTES, &column) &&
        driver_column_bytes(s->handle, column, out->b, sizeof(out->b)) != sizeof(out->b))
        dbc_col_fault(s, "it is no id");
}

void dbc_col_int(struct dbc_stmt *s, int64_t *out)
{
    size_t column;

    *out = 0;
    if (take_column(s, DRIVER_INT, &column) && !driver_column_int(s->handle, column, out))
        dbc_col_fault(s, "it does not fit into 64 bits");
}

void dbc_col_time(struct dbc_stmt *s, int64_t *wall_us)
{
    size_t column;

    *wall_us = take_column(s, DRIVER_TIME, &column) ? driver_column_time(s->handle, column) : 0;
}

void dbc_col_date(struct dbc_stmt *s, int32_t *days)
{
    size_t column;

    *days =
        take_column(s, DRIVER_DATE, &column) ? (int32_t)driver_column_date(s->handle, column) : 0;
}
