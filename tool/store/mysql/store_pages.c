/* store_pages.c - many rows at once: by n keys, a page of a list, or several lists. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/dbc/statement.h"
#include "tool/store/mysql/store_private.h"

static size_t size_for(size_t n)
{
    size_t k = 0;

    while ((size_t)1 << k < n)
        k++;
    return k;
}

/* Gives a row to every key that is its own. */
static void hand_out(const struct table *t, const struct column *c, const void *row,
                     const struct value keys[], size_t n, char *rows, bool found[])
{
    struct value v;

    value_of_row(c, row, &v);
    for (size_t i = 0; i < n; i++) {
        if (found[i] || value_compare(&v, &keys[i]) != 0)
            continue;
        memcpy(rows + i * t->row_size, row, t->row_size);
        found[i] = true;
    }
}

/* n: 1 to SQL_MANY_MAX. What is left of the statement's size asks for the last key again. */
static enum status read_some(struct dbc_conn *conn, const struct call *call,
                             struct store_mysql *self, const struct column *c,
                             const void *const keys[], size_t n, char *rows, bool found[])
{
    const struct table *t = self->base.table;
    size_t size = size_for(n);
    struct dbc_stmt *s = dbc_prepare(conn, store_sql_by(self, c)->many[size]);
    struct value values[SQL_MANY_MAX];
    struct row row;
    enum status st;

    for (size_t i = 0; i < n; i++)
        value_of_key(c, keys[i], &values[i]);
    for (size_t i = 0; i < (size_t)1 << size; i++)
        store_bind(s, &values[i < n ? i : n - 1]);
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        store_read_all(s, t, row.bytes);
        hand_out(t, c, row.bytes, values, n, rows, found);
    }
    return dbc_done(s, st);
}

enum status store_mysql_find_many(struct store *base, struct transaction *tx,
                                  const struct call *call, const char *by, const void *const keys[],
                                  size_t n, void *rows, bool found[])
{
    const struct column *c = table_unique(base->table, by);
    struct store_mysql *self = store_mysql_of(base);
    size_t row_size = base->table->row_size;
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    memset(found, 0, n * sizeof(found[0]));
    for (size_t i = 0; st == ST_OK && i < n; i += SQL_MANY_MAX)
        st = read_some(conn, call, self, c, keys + i, n - i < SQL_MANY_MAX ? n - i : SQL_MANY_MAX,
                       (char *)rows + i * row_size, found + i);
    if (conn)
        dbc_leave(self->pool, tx, conn);
    return st;
}

enum { LIST_VALUES_MAX = STORE_EQUALS_MAX + 2 * STORE_BOUNDS_MAX + 2 };

static void bind_key(struct dbc_stmt *s, const struct column *c, const void *key, struct value *v)
{
    value_of_key(c, key, v);
    store_bind(s, v);
}

static struct value *bind_bound(struct dbc_stmt *s, const struct column *c, const void *bound,
                                struct value *next)
{
    if (!bound)
        return next;
    value_of_key(c, bound, next);
    value_bound(next);
    store_bind(s, next);
    return next + 1;
}

/* The parameters of sql_list. */
static void bind_list(struct dbc_stmt *s, const struct table *t, const struct store_list *list,
                      struct value values[LIST_VALUES_MAX], size_t max)
{
    struct value *next = values;

    for (size_t i = 0; i < STORE_EQUALS_MAX && list->where[i].column; i++) {
        const struct column *c = table_readable(t, list->where[i].column);
        ASSERT(c);
        if (list->where[i].value)
            bind_key(s, c, list->where[i].value, next++);
    }
    for (size_t i = 0; i < STORE_BOUNDS_MAX && list->bounds[i].column; i++) {
        const struct column *c = table_readable(t, list->bounds[i].column);
        ASSERT(c);
        next = bind_bound(s, c, list->bounds[i].least, next);
        next = bind_bound(s, c, list->bounds[i].most, next);
    }
    if (list->after_key && list->sort) {
        value_of_key(table_find(t, list->sort), list->after_sort, next);
        value_bound(next);
        store_bind(s, next);
        store_bind(s, next++);
    }
    if (list->after_key)
        bind_key(s, table_unique(t, NULL), list->after_key, next);
    dbc_bind_int(s, (int64_t)max);
}

enum status store_mysql_list(struct store *base, struct transaction *tx, const struct call *call,
                             const struct store_list *list, size_t max, void *rows, size_t *n)
{
    const struct column *sort = list->sort ? table_find(base->table, list->sort) : NULL;
    struct store_mysql *self = store_mysql_of(base);
    struct value values[LIST_VALUES_MAX];
    struct dbc_conn *conn = NULL;
    char sql[SQL_MAX + 1];
    struct dbc_stmt *s;
    size_t count = 0;
    enum status st;

    ASSERT(!list->sort || (sort && !(sort->flags & COLUMN_NULLABLE)));
    *n = 0;
    st = dbc_join(self->pool, tx, call, &conn);
    if (st != ST_OK)
        return st;
    sql_list(&self->sql, base->table, list, sql);
    s = dbc_prepare(conn, sql);
    bind_list(s, base->table, list, values, max);
    st = dbc_execute(s, call);
    for (; st == ST_OK && count < max && dbc_next(s); count++)
        store_read_all(s, base->table, (char *)rows + count * base->table->row_size);
    st = dbc_done(s, st);
    dbc_leave(self->pool, tx, conn);
    *n = st == ST_OK ? count : 0;
    return st;
}

/* ---- several lists ---- */

/* Where rows of n values go: max of each. */
struct lists {
    const struct table *t;
    const struct column *column;
    size_t n, max;
    char *rows;
    size_t *counts;
};

static void hand_to_lists(const struct lists *to, const struct value values[], const void *row)
{
    struct value v;

    value_of_row(to->column, row, &v);
    for (size_t i = 0; i < to->n; i++)
        if (to->counts[i] < to->max && value_compare(&v, &values[i]) == 0)
            memcpy(to->rows + (i * to->max + to->counts[i]++) * to->t->row_size, row,
                   to->t->row_size);
}

/* Those who wait together often want the same: each is named once. Returns how many there are. */
static size_t name_each_once(const struct value values[], size_t n, size_t named[])
{
    size_t n_named = 0, k;

    for (size_t i = 0; i < n; i++) {
        for (k = 0; k < n_named && value_compare(&values[named[k]], &values[i]) != 0; k++) {
        }
        if (k == n_named)
            named[n_named++] = i;
    }
    return n_named;
}

/* keys: to->n, 1 to SQL_MANY_MAX; what is left of the statement's size is the last one again. */
static enum status list_some(struct dbc_conn *conn, const struct call *call,
                             struct store_mysql *self, const struct store_many *many,
                             const void *const keys[], const struct lists *to)
{
    size_t named[SQL_MANY_MAX], n, size;
    struct value values[SQL_MANY_MAX];
    char sql[SQL_MAX + 1];
    struct dbc_stmt *s;
    struct row row;
    enum status st;

    for (size_t i = 0; i < to->n; i++)
        value_of_key(to->column, keys[i], &values[i]);
    n = name_each_once(values, to->n, named);
    size = (size_t)1 << size_for(n);
    sql_list_many(&self->sql, to->t, many, size, sql);
    s = dbc_prepare(conn, sql);
    for (size_t i = 0; i < size; i++)
        store_bind(s, &values[named[i < n ? i : n - 1]]);
    st = dbc_execute(s, call);
    while (st == ST_OK && dbc_next(s)) {
        store_read_all(s, to->t, row.bytes);
        hand_to_lists(to, values, row.bytes);
    }
    return dbc_done(s, st);
}

enum status store_mysql_list_many(struct store *base, struct transaction *tx,
                                  const struct call *call, const struct store_many *many,
                                  size_t max, void *rows, size_t counts[])
{
    struct lists to = {.t = base->table, .column = table_find(base->table, many->column)};
    struct store_mysql *self = store_mysql_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    ASSERT(to.column && !(to.column->flags & COLUMN_NULLABLE));
    memset(counts, 0, many->n * sizeof(counts[0]));
    to.max = max;
    for (size_t i = 0; st == ST_OK && i < many->n; i += SQL_MANY_MAX) {
        to.n = many->n - i < SQL_MANY_MAX ? many->n - i : SQL_MANY_MAX;
        to.rows = (char *)rows + i * max * base->table->row_size;
        to.counts = counts + i;
        st = list_some(conn, call, self, many, many->values + i, &to);
    }
    if (conn)
        dbc_leave(self->pool, tx, conn);
    return st;
}
