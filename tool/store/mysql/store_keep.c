/* store_keep.c - rows of views: the later version stays. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/dbc/statement.h"
#include "tool/store/mysql/store_private.h"
#include "tool/store/table_row.h"

/* One row, as it is to be kept. */
struct keeping {
    struct store_mysql *self;
    struct dbc_conn *conn;
    const struct call *call;
    const struct value *values;
    const char **taken;
};

static const struct value *value_at(const struct keeping *k, const struct column *c)
{
    return &k->values[c - k->self->base.table->columns];
}

/* ST_NOT_FOUND: there is none of its key below its version. */
static enum status replace(const struct keeping *k)
{
    const struct table *t = k->self->base.table;
    struct dbc_stmt *s = dbc_prepare(k->conn, k->self->sql.keep);
    int64_t matched;
    enum status st;

    for (size_t i = 0; i < t->n_columns; i++)
        if (!(t->columns[i].flags & (COLUMN_KEY | COLUMN_CREATED)))
            store_bind(s, &k->values[i]);
    store_bind(s, value_at(k, table_unique(t, NULL)));
    store_bind(s, value_at(k, table_flagged(t, COLUMN_VERSION)));
    st = store_run(s, k->call, t, k->taken, &matched);
    return st == ST_OK && matched == 0 ? ST_NOT_FOUND : st;
}

/* ST_STALE: there is one of its key. */
static enum status add(const struct keeping *k)
{
    const struct table *t = k->self->base.table;
    struct dbc_stmt *s = dbc_prepare(k->conn, k->self->sql.insert);
    const char *taken = "";
    enum status st;

    for (size_t i = 0; i < t->n_columns; i++)
        store_bind(s, &k->values[i]);
    st = store_run(s, k->call, t, &taken, NULL);
    if (st == ST_CONFLICT && strcmp(taken, column_key_name(table_unique(t, NULL))) == 0)
        return ST_STALE;
    if (st == ST_CONFLICT && k->taken)
        *k->taken = taken;
    return st;
}

/* Nothing is older than a first version, and most often it is what comes first. */
static bool is_first(const struct keeping *k)
{
    return value_at(k, table_flagged(k->self->base.table, COLUMN_VERSION))->num == 1;
}

/* An older one may have come between the two: then it is replaced. */
static enum status keep(const struct keeping *k)
{
    enum status st = is_first(k) ? ST_NOT_FOUND : replace(k);

    if (st == ST_NOT_FOUND)
        st = add(k);
    if (st == ST_STALE)
        st = replace(k);
    return st == ST_NOT_FOUND ? ST_STALE : st;
}

enum status store_mysql_keep(struct store *base, struct transaction *tx, const struct call *call,
                             const void *row, const char **taken)
{
    const struct table *t = base->table;
    int64_t now_us = clock_wall_us(call->clock);
    struct value values[TABLE_COLUMNS_MAX];
    struct keeping k = {store_mysql_of(base), NULL, call, values, taken};
    struct row kept;
    enum status st;

    ASSERT(table_flagged(t, COLUMN_VERSION));
    memcpy(kept.bytes, row, t->row_size);
    table_stamp_kept(t, kept.bytes, now_us, now_us);
    if (!store_take_values(t, kept.bytes, values))
        return ST_INTERNAL;
    st = dbc_join(k.self->pool, tx, call, &k.conn);
    if (st != ST_OK)
        return st;
    st = keep(&k);
    dbc_leave(k.self->pool, tx, k.conn);
    return st;
}
