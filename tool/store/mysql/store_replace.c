/* store_replace.c - rows that were seen before, made others by one statement. */
#include <string.h>

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

/* Rows as they will be. What is bound is borrowed until the statement is run: texts of rows, and
 * those that are derived from them. */
struct wanted {
    const struct table *t;
    size_t n, n_formed;
    char *rows;
    char (*formed)[TABLE_FORM_MAX];
};

static void keep_formed(struct wanted *w, struct value values[TABLE_COLUMNS_MAX])
{
    for (size_t i = 0; i < w->t->n_columns; i++) {
        if (!w->t->columns[i].form || values[i].kind != VALUE_TEXT)
            continue;
        values[i].text =
            memcpy(w->formed[w->n_formed++], values[i].text, strlen(values[i].text) + 1);
    }
}

static enum status bind_all(struct dbc_stmt *s, struct wanted *w, const char *seen)
{
    struct value values[TABLE_COLUMNS_MAX];

    for (size_t at = 0; at < w->n * w->t->row_size; at += w->t->row_size) {
        if (!store_take_values(w->t, w->rows + at, values))
            return ST_INTERNAL;
        keep_formed(w, values);
        bind_row(s, w->t, seen + at, values);
    }
    for (size_t i = w->n; i < room_for(w->n); i++)
        bind_nobody(s, w->t);
    return ST_OK;
}

static enum status run(struct dbc_conn *conn, const struct call *call, struct wanted *w,
                       const char *seen, size_t *replaced)
{
    char *sql = sql_replace(w->t, room_for(w->n));
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    enum status st = bind_all(s, w, seen);
    int64_t matched = 0;

    st = st == ST_OK ? store_run(s, call, w->t, NULL, &matched) : dbc_done(s, st);
    free(sql);
    if (st == ST_OK)
        *replaced = (size_t)matched;
    return st;
}

static void want(struct wanted *w, const char *seen, const char *wanted, int64_t now_us)
{
    size_t forms = 0;

    for (size_t i = 0; i < w->t->n_columns; i++)
        forms += w->t->columns[i].form != NULL;
    w->rows = mem_alloc(w->n, w->t->row_size);
    w->formed = forms > 0 ? mem_alloc(w->n * forms, TABLE_FORM_MAX) : NULL;
    for (size_t at = 0; at < w->n * w->t->row_size; at += w->t->row_size) {
        ASSERT(table_same_key(w->t, seen + at, wanted + at));
        table_change(w->t, seen + at, wanted + at, now_us, w->rows + at);
    }
}

enum status store_mysql_replace(struct store *base, struct transaction *tx, const struct call *call,
                                const void *seen, const void *wanted, size_t n, size_t *replaced)
{
    struct store_mysql *self = store_mysql_of(base);
    struct wanted w = {.t = base->table, .n = n};
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    ASSERT(n >= 1 && n <= QUESTIONS_MAX && table_flagged(w.t, COLUMN_VERSION));
    if (st != ST_OK)
        return st;
    want(&w, seen, wanted, clock_wall_us(call->clock));
    st = run(conn, call, &w, seen, replaced);
    dbc_leave(self->pool, tx, conn);
    free(w.rows);
    free(w.formed);
    return st;
}
