/* store_insert.c - rows that are written together, and those of them that are new. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/dbc/statement.h"
#include "tool/store/mysql/store_private.h"
#include "tool/store/table_row.h"

void store_rows_init(struct store_rows *r, const struct table *t, size_t n)
{
    size_t forms = 0;

    for (size_t i = 0; i < t->n_columns; i++)
        forms += t->columns[i].form != NULL;
    *r = (struct store_rows){.t = t, .n = n, .rows = mem_alloc(n, t->row_size)};
    r->formed = forms > 0 ? mem_alloc(n * forms, TABLE_FORM_MAX) : NULL;
}

void store_rows_fini(struct store_rows *r)
{
    free(r->rows);
    free(r->formed);
}

bool store_rows_take(struct store_rows *r, size_t i, struct value values[TABLE_COLUMNS_MAX])
{
    if (!store_take_values(r->t, r->rows + i * r->t->row_size, values))
        return false;
    for (size_t k = 0; k < r->t->n_columns; k++)
        if (r->t->columns[k].form && values[k].kind == VALUE_TEXT)
            values[k].text =
                memcpy(r->formed[r->n_formed++], values[k].text, strlen(values[k].text) + 1);
    return true;
}

static enum status bind_all(struct dbc_stmt *s, struct store_rows *new)
{
    struct value values[TABLE_COLUMNS_MAX];

    for (size_t i = 0; i < new->n; i++) {
        if (!store_rows_take(new, i, values))
            return ST_INTERNAL;
        for (size_t k = 0; k < new->t->n_columns; k++)
            store_bind(s, &values[k]);
    }
    return ST_OK;
}

static enum status run(struct store_mysql *self, struct dbc_conn *conn, const struct call *call,
                       struct store_rows *new, const char **taken)
{
    char *sql = sql_insert_many(&self->sql, new->t, new->n);
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    enum status st = bind_all(s, new);

    st = st == ST_OK ? store_run(s, call, new->t, taken, NULL) : dbc_done(s, st);
    free(sql);
    return st;
}

enum status store_mysql_insert_many(struct store *base, struct transaction *tx,
                                    const struct call *call, void *rows, size_t n,
                                    const char **taken)
{
    struct store_mysql *self = store_mysql_of(base);
    const struct table *t = base->table;
    int64_t now_us = clock_wall_us(call->clock);
    struct dbc_conn *conn = NULL;
    struct store_rows new;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    ASSERT(n >= 1 && n <= STORE_INSERT_MAX);
    if (st != ST_OK)
        return st;
    store_rows_init(&new, t, n);
    memcpy(new.rows, rows, n * t->row_size);
    for (size_t i = 0; i < n; i++)
        table_stamp_new(t, new.rows + i * t->row_size, now_us);
    st = run(self, conn, call, &new, taken);
    dbc_leave(self->pool, tx, conn);
    if (st == ST_OK)
        memcpy(rows, new.rows, n * t->row_size);
    store_rows_fini(&new);
    return st;
}
