/* driver_stmt.c - prepared statements: parameters bound by pointer, results stored here. */
#include "tool/dbc/driver_mysql.h"

#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/dbc/civil.h"

struct column {
    enum driver_kind kind;
    union {
        long long num;
        MYSQL_TIME time;
    } value;
    unsigned long length;
    driver_bool is_null;
};

struct driver_stmt {
    struct driver *driver;
    MYSQL_STMT *stmt;
    size_t n_params, n_columns;
    MYSQL_BIND params[DRIVER_PARAMS_MAX];
    MYSQL_TIME times[DRIVER_PARAMS_MAX];
    struct column columns[DRIVER_COLUMNS_MAX];
};

static enum driver_fault fault_of(struct driver *d, MYSQL_STMT *stmt)
{
    return driver_note_fault(d, mysql_stmt_errno(stmt), mysql_stmt_sqlstate(stmt),
                             mysql_stmt_error(stmt));
}

static enum driver_kind kind_of(enum enum_field_types type)
{
    switch ((int)type) {
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
    default:
        return DRIVER_INT;
    }
}

/* Numbers and times are converted as a row is fetched; bytes are copied once, straight to who asks
 * for them, so they are bound to nothing here. */
static int bind_columns(struct driver_stmt *s)
{
    MYSQL_BIND binds[DRIVER_COLUMNS_MAX];
    MYSQL_RES *meta = mysql_stmt_result_metadata(s->stmt);

    if (!meta)
        return 0;
    s->n_columns = mysql_num_fields(meta);
    ASSERT(s->n_columns <= DRIVER_COLUMNS_MAX);
    memset(binds, 0, sizeof(binds));
    for (size_t i = 0; i < s->n_columns; i++) {
        struct column *column = &s->columns[i];
        column->kind = kind_of(mysql_fetch_field_direct(meta, (unsigned)i)->type);
        binds[i].is_null = &column->is_null;
        binds[i].length = &column->length;
        binds[i].buffer = &column->value;
        if (column->kind == DRIVER_INT) {
            binds[i].buffer_type = MYSQL_TYPE_LONGLONG;
        } else if (column->kind == DRIVER_TIME) {
            binds[i].buffer_type = MYSQL_TYPE_DATETIME;
            binds[i].buffer_length = sizeof(column->value.time);
        } else {
            binds[i].buffer_type = MYSQL_TYPE_STRING;
        }
    }
    mysql_free_result(meta);
    return mysql_stmt_bind_result(s->stmt, binds);
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
    ASSERT(s->n_params <= DRIVER_PARAMS_MAX);
    return s;
}

void driver_stmt_close(struct driver_stmt *s)
{
    if (!s)
        return;
    mysql_stmt_close(s->stmt);
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
    case DRIVER_TIME:
        s->times[i] = time_of(value->num);
        bind->buffer_type = MYSQL_TYPE_DATETIME;
        bind->buffer = &s->times[i];
        break;
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

int64_t driver_column_int(const struct driver_stmt *s, size_t i)
{
    const struct column *column = column_of(s, i, DRIVER_INT);

    return column->is_null ? 0 : column->value.num;
}

int64_t driver_column_time(const struct driver_stmt *s, size_t i)
{
    const struct column *column = column_of(s, i, DRIVER_TIME);
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
