/* store_replace.c - rows that were seen before, made others by one statement. */
#include "tool/core/assert.h"
#include "tool/core/question.h"
#include "tool/dbc/statement.h"
#include "tool/store/mysql/store_private.h"
#include "tool/store/table_row.h"

/* Statements are for 1, 2, 4 ... rows, of which some may be nobody's. */
static size_t room_for(size_t n)
{
    size_t room = 1;

    while (room < n)
        room *= 2;
    return room;
}

static void bind_nobody(struct dbc_stmt *s, const struct table *t)
{
    size_t n = 2;

    for (size_t i = 0; i < t->n_columns; i++)
        n += !(t->columns[i].flags & (COLUMN_KEY | COLUMN_CREATED));
    for (size_t i = 0; i < n; i++)
        dbc_bind_text(s, NULL);
}

static void bind_row(struct dbc_stmt *s, const struct table *t, const void *seen,
                     const struct value values[TABLE_COLUMNS_MAX])
{
    store_bind(s, &values[table_unique(t, NULL) - t->columns]);
    dbc_bind_int(s, table_version(t, seen));
    for (size_t i = 0; i < t->n_columns; i++)
        if (!(t->columns[i].flags & (COLUMN_KEY | COLUMN_CREATED)))
            store_bind(s, &values[i]);
}

static enum status bind_all(struct dbc_stmt *s, struct store_rows *wanted, const char *seen)
{
    struct value values[TABLE_COLUMNS_MAX];

    for (size_t i = 0; i < wanted->n; i++) {
        if (!store_rows_take(wanted, i, values))
            return ST_INTERNAL;
        bind_row(s, wanted->t, seen + i * wanted->t->row_size, values);
    }
    for (size_t i = wanted->n; i < room_for(wanted->n); i++)
        bind_nobody(s, wanted->t);
    return ST_OK;
}

static enum status run(struct dbc_conn *conn, const struct call *call, struct store_rows *wanted,
                       const char *seen, size_t *replaced)
{
    char *sql = sql_replace(wanted->t, room_for(wanted->n));
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    enum status st = bind_all(s, wanted, seen);
    int64_t matched = 0;

    st = st == ST_OK ? store_run(s, call, wanted->t, NULL, &matched) : dbc_done(s, st);
    free(sql);
    if (st == ST_OK)
        *replaced = (size_t)matched;
    return st;
}

/* Each as it will be. */
static void change_all(struct store_rows *rows, const char *seen, const char *wanted,
                       int64_t now_us)
{
    for (size_t at = 0; at < rows->n * rows->t->row_size; at += rows->t->row_size) {
        ASSERT(table_same_key(rows->t, seen + at, wanted + at));
        table_change(rows->t, seen + at, wanted + at, now_us, rows->rows + at);
    }
}

enum status store_mysql_replace(struct store *base, struct transaction *tx, const struct call *call,
                                const void *seen, const void *wanted, size_t n, size_t *replaced)
{
    struct store_mysql *self = store_mysql_of(base);
    struct dbc_conn *conn = NULL;
    struct store_rows rows;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    ASSERT(n >= 1 && n <= QUESTIONS_MAX && table_flagged(base->table, COLUMN_VERSION));
    if (st != ST_OK)
        return st;
    store_rows_init(&rows, base->table, n);
    change_all(&rows, seen, wanted, clock_wall_us(call->clock));
    st = run(conn, call, &rows, seen, replaced);
    dbc_leave(self->pool, tx, conn);
    store_rows_fini(&rows);
    return st;
}
