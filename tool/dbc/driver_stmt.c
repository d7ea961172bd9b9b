/* driver_stmt.c - prepared statements: parameters bound by pointer, results stored here. */
#include "tool/dbc/driver_mysql.h"

#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/civil.h"
#include "tool/dbc/driver_column.h"

struct column {
    enum driver_kind kind;
    union {
        long long num;
        MYSQL_TIME time;
    } value;
    unsigned long length;
    driver_bool is_null, cut;
};

struct driver_stmt {
    struct driver *driver;
    MYSQL_STMT *stmt;
    size_t n_params, n_columns;
    MYSQL_BIND *params;
    MYSQL_TIME *times; /* one a parameter */
    struct column *columns;
};

static enum driver_fault fault_of(struct driver *d, MYSQL_STMT *stmt)
{
    return driver_note_fault(d, mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt),
                             mysql_stmt_error(stmt));
}

/* Only what can be read whole: any other type would be converted to a number, silently. */
static enum driver_kind kind_of(const MYSQL_FIELD *field)
{
    switch ((int)field->type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
        return DRIVER_INT;
    case MYSQL_TYPE_NEWDECIMAL: /* SUM() of integers */
        return field->decimals == 0 ? DRIVER_INT : DRIVER_OTHER;
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
        return DRIVER_BYTES;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        return DRIVER_TIME;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
        return DRIVER_DATE;
    case MYSQL_TYPE_NULL: /* SELECT NULL */
        return DRIVER_NULL;
    default:
        return DRIVER_OTHER;
    }
}

static void bind_column(MYSQL_BIND *bind, struct column *column)
{
    bind->is_null = &column->is_null;
    bind->length = &column->length;
    bind->error = &column->cut;
    bind->buffer = &column->value;
    switch (column->kind) {
    case DRIVER_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        break;
    case DRIVER_TIME:
    case DRIVER_DATE:
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer_length = sizeof(column->value.time);
        break;
    case DRIVER_NULL:
    case DRIVER_BYTES:
    case DRIVER_ID:
    case DRIVER_OTHER:
        bind->buffer_type = MYSQL_TYPE_STRING;
        break;
    }
}

/* Numbers and times are converted as a row is fetched; bytes are copied once, straight to who asks
 * for them, so they are bound to nothing here. */
static int bind_columns(struct driver_stmt *s)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(s->stmt);
    MYSQL_BIND *binds;
    int error;

    if (!meta)
        return 0;
    s->n_columns = mysql_num_fields(meta);
    s->columns = mem_alloc(s->n_columns, sizeof(*s->columns));
    binds = mem_alloc(s->n_columns, sizeof(*binds));
    for (size_t i = 0; i < s->n_columns; i++) {
        s->columns[i].kind = kind_of(mysql_fetch_field_direct(meta, (unsigned)i));
        bind_column(&binds[i], &s->columns[i]);
    }
    mysql_free_result(meta);
    error = mysql_stmt_bind_result(s->stmt, binds);
    free(binds); /* copied */
    return error;
}

struct driver_stmt *driver_prepare(struct driver *d, const char *sql, enum driver_fault *fault)
{
    struct driver_stmt *s = MEM_NEW(struct driver_stmt);

    s->driver = d;
    s->stmt = mysql_stmt_init(d->mysql);
    ASSERT(s->stmt); /* fails only for want of memory */
    if (mysql_stmt_prepare(s->stmt, sql, strlen(sql)) != 0 || bind_columns(s) != 0) {
        *fault = fault_of(d, s->stmt);
        driver_stmt_close(s);
        return NULL;
    }
    s->n_params = mysql_stmt_param_count(s->stmt);
    if (s->n_params > 0) {
        s->params = mem_alloc(s->n_params, sizeof(*s->params));
        s->times = mem_alloc(s->n_params, sizeof(*s->times));
    }
    return s;
}

void driver_stmt_close(struct driver_stmt *s)
{
    if (!s)
        return;
    mysql_stmt_close(s->stmt);
    free(s->params);
    free(s->times);
    free(s->columns);
    free(s);
}

bool driver_stmt_reads(const struct driver_stmt *s)
{
    return s->n_columns > 0;
}

static MYSQL_TIME time_of(int64_t wall_us)
{
    struct civil c = civil_from_us(wall_us);

    return (MYSQL_TIME){.year = (unsigned)c.year,
                        .month = (unsigned)c.month,
                        .day = (unsigned)c.day,
                        .hour = (unsigned)c.hour,
                        .minute = (unsigned)c.minute,
                        .second = (unsigned)c.second,
                        .second_part = (unsigned long)c.us,
                        .time_type = MYSQL_TIMESTAMP_DATETIME};
}

static void set_param(struct driver_stmt *s, size_t i, const struct driver_value *value)
{
    MYSQL_BIND *bind = &s->params[i];

    memset(bind, 0, sizeof(*bind));
    switch (value->kind) {
    case DRIVER_NULL:
        bind->buffer_type = MYSQL_TYPE_NULL;
        break;
    case DRIVER_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = (void *)&value->num;
        break;
    case DRIVER_BYTES:
        bind->buffer_type = MYSQL_TYPE_STRING;
        bind->buffer = (void *)value->bytes;
        bind->buffer_length = value->len;
        break;
    case DRIVER_ID:
        bind->buffer_type = MYSQL_TYPE_STRING;
        bind->buffer = (void *)value->id.b;
        bind->buffer_length = sizeof(value->id.b);
        break;
    case DRIVER_TIME:
        s->times[i] = time_of(value->num);
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = &s->times[i];
        break;
    case DRIVER_DATE:
        s->times[i] = time_of(value->num * CIVIL_US_PER_DAY);
        s->times[i].time_type = MYSQL_TIMESTAMP_DATE;
        bind->buffer_type = MYSQL_TYPE_DATE;
        bind->buffer = &s->times[i];
        break;
    case DRIVER_OTHER:
        ASSERT(!"a parameter has a kind");
    }
}

enum driver_fault driver_execute(struct driver_stmt *s, const struct driver_value *values, size_t n)
{
    ASSERT(n == s->n_params);
    for (size_t i = 0; i < n; i++)
        set_param(s, i, &values[i]);
    if ((n > 0 && mysql_stmt_bind_param(s->stmt, s->params) != 0) ||
        mysql_stmt_execute(s->stmt) != 0 ||
        (s->n_columns > 0 && mysql_stmt_store_result(s->stmt) != 0))
        return fault_of(s->driver, s->stmt);
    return DRIVER_OK;
}

int64_t driver_affected(const struct driver_stmt *s)
{
    return (int64_t)mysql_stmt_affected_rows(s->stmt);
}

bool driver_fetch(struct driver_stmt *s)
{
    int rc = mysql_stmt_fetch(s->stmt);

    return rc == 0 || rc == MYSQL_DATA_TRUNCATED; /* bytes always are: they are bound to nothing */
}

void driver_free_result(struct driver_stmt *s)
{
    if (s->n_columns > 0)
        mysql_stmt_free_result(s->stmt);
}

static const struct column *column_of(const struct driver_stmt *s, size_t i, enum driver_kind kind)
{
    ASSERT(i < s->n_columns && s->columns[i].kind == kind);
    return &s->columns[i];
}

size_t driver_columns(const struct driver_stmt *s)
{
    return s->n_columns;
}

enum driver_kind driver_column_kind(const struct driver_stmt *s, size_t i)
{
    ASSERT(i < s->n_columns);
    return s->columns[i].kind;
}

bool driver_column_null(const struct driver_stmt *s, size_t i)
{
    ASSERT(i < s->n_columns);
    return s->columns[i].is_null;
}

char *driver_column_name(const struct driver_stmt *s, size_t i)
{
    MYSQL_RES *meta = mysql_stmt_result_metadata(s->stmt);
    char *name = mem_strdup(meta ? mysql_fetch_field_direct(meta, (unsigned)i)->name : "");

    mysql_free_result(meta);
    return name;
}

bool driver_column_int(const struct driver_stmt *s, size_t i, int64_t *out)
{
    const struct column *column = column_of(s, i, DRIVER_INT);

    *out = column->is_null || column->cut ? 0 : column->value.num;
    return column->is_null || !column->cut;
}

static int64_t us_of(const struct column *column)
{
    const MYSQL_TIME *time = &column->value.time;

    if (column->is_null)
        return 0;
    return civil_to_us(&(struct civil){.year = (int)time->year,
                                       .month = (int)time->month,
                                       .day = (int)time->day,
                                       .hour = (int)time->hour,
                                       .minute = (int)time->minute,
                                       .second = (int)time->second,
                                       .us = (int)time->second_part});
}

int64_t driver_column_time(const struct driver_stmt *s, size_t i)
{
    return us_of(column_of(s, i, DRIVER_TIME));
}

int64_t driver_column_date(const struct driver_stmt *s, size_t i)
{
    return us_of(column_of(s, i, DRIVER_DATE)) / CIVIL_US_PER_DAY;
}

size_t driver_column_bytes(struct driver_stmt *s, size_t i, void *out, size_t size)
{
    unsigned long length = 0;
    driver_bool is_null = 0;
    MYSQL_BIND bind;

    column_of(s, i, DRIVER_BYTES);
    memset(&bind, 0, sizeof(bind));
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = out;
    bind.buffer_length = size;
    bind.length = &length;
    bind.is_null = &is_null;
    if (s->columns[i].is_null || mysql_stmt_fetch_column(s->stmt, &bind, (unsigned)i, 0) != 0)
        return 0;
    return length;
}
