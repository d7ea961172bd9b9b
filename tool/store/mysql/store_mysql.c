/* store_mysql.c - a store over MariaDB. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/dbc/statement.h"
#include "tool/dbc/transactor.h"
#include "tool/store/mysql/store_private.h"
#include "tool/store/table_row.h"

const char *store_columns(const struct store *store)
{
    return store_mysql_of((struct store *)store)->sql.columns;
}

/* The name in the table's description, which lives on. */
static const char *unique_named(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].flags & (COLUMN_KEY | COLUMN_UNIQUE) &&
            strcmp(column_key_name(&t->columns[i]), name) == 0)
            return column_key_name(&t->columns[i]);
    for (size_t i = 0; i < t->n_uniques; i++)
        if (strcmp(t->uniques[i].name, name) == 0)
            return t->uniques[i].name;
    return "";
}

enum status store_run(struct dbc_stmt *s, const struct call *call, const struct table *t,
                      const char **taken, int64_t *affected)
{
    enum status st = dbc_execute(s, call);

    if (st == ST_CONFLICT && taken)
        *taken = unique_named(t, dbc_conflict_key(s));
    if (affected)
        *affected = dbc_affected(s);
    return dbc_done(s, st);
}

/* What does not fit would be refused by the server, which does not always name it. */
bool store_take_values(const struct table *t, const void *row,
                       struct value values[TABLE_COLUMNS_MAX])
{
    for (size_t i = 0; i < t->n_columns; i++) {
        value_of_row(&t->columns[i], row, &values[i]);
        if (!value_fits(&t->columns[i], &values[i])) {
            log_error("value does not fit its column", LOG_TEXT("table", t->name),
                      LOG_TEXT("column", t->columns[i].name));
            return false;
        }
    }
    return true;
}

/* Writes row: all of it, or (UPDATE) what may change of it, with its key at the end. */
static enum status write_row(struct dbc_conn *conn, const struct call *call, const struct table *t,
                             const char *sql, bool update, const void *row, const char **taken)
{
    struct value values[TABLE_COLUMNS_MAX]; /* their texts are borrowed until it is run */
    unsigned skipped = update ? COLUMN_KEY | COLUMN_CREATED : 0;
    struct dbc_stmt *s;

    if (!store_take_values(t, row, values))
        return ST_INTERNAL;
    s = dbc_prepare(conn, sql);
    for (size_t i = 0; i < t->n_columns; i++)
        if (!(t->columns[i].flags & skipped))
            store_bind(s, &values[i]);
    if (update)
        store_bind(s, &values[table_unique(t, NULL) - t->columns]);
    return store_run(s, call, t, taken, NULL);
}

static enum status mysql_insert(struct store *base, struct transaction *tx, const struct call *call,
                                void *row, const char **taken)
{
    struct store_mysql *self = store_mysql_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);
    struct row new;

    if (st != ST_OK)
        return st;
    memcpy(new.bytes, row, base->table->row_size);
    table_stamp_new(base->table, new.bytes, clock_wall_us(call->clock));
    st = write_row(conn, call, base->table, self->sql.insert, false, new.bytes, taken);
    dbc_leave(self->pool, tx, conn);
    if (st == ST_OK)
        memcpy(row, new.bytes, base->table->row_size);
    return st;
}

/* The one row that a SELECT by a unique column finds: of select, or of lock. */
static enum status read_one(struct dbc_conn *conn, const struct call *call, const struct table *t,
                            const char *sql, const struct column *c, const void *key, bool locked,
                            void *out)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    struct value v;
    struct row row;
    enum status st;

    value_of_key(c, key, &v);
    store_bind(s, &v);
    st = dbc_execute(s, call);
    if (st == ST_OK && !dbc_next(s))
        st = ST_NOT_FOUND;
    if (st == ST_OK && locked)
        store_read(s, t, row.bytes);
    else if (st == ST_OK)
        store_read_all(s, t, row.bytes);
    st = dbc_done(s, st);
    if (st == ST_OK)
        memcpy(out, row.bytes, t->row_size);
    return st;
}

static enum status mysql_find(struct store *base, struct transaction *tx, const struct call *call,
                              const char *by, const void *key, void *out)
{
    const struct column *c = table_unique(base->table, by);
    struct store_mysql *self = store_mysql_of(base);
    struct dbc_conn *conn = NULL;
    enum status st = dbc_join(self->pool, tx, call, &conn);

    if (st != ST_OK)
        return st;
    st = read_one(conn, call, base->table, store_sql_by(self, c)->find, c, key, false, out);
    dbc_leave(self->pool, tx, conn);
    return st;
}

/* change or remove: what to do to a row under its lock. */
struct work {
    struct store_mysql *self;
    const void *key;
    const struct store_change *how; /* NULL = remove it */
    store_change_fn may;
    void *arg;
    struct row row; /* as it is then */
};

static enum status change_locked(struct dbc_conn *conn, const struct call *call, struct work *work,
                                 const struct row *before)
{
    const struct table *t = work->self->base.table;
    struct row asked;
    enum status st;

    if (work->how->version && work->how->version != table_version(t, before->bytes))
        return ST_STALE;
    memcpy(asked.bytes, before->bytes, t->row_size);
    st = work->how->fn(asked.bytes, call, work->how->arg);
    if (st != ST_OK)
        return st;
    ASSERT(table_same_key(t, before->bytes, asked.bytes));
    if (!table_change(t, before->bytes, asked.bytes, clock_wall_us(call->clock), work->row.bytes))
        return ST_OK;
    return write_row(conn, call, t, work->self->sql.update, true, work->row.bytes,
                     work->how->taken);
}

static enum status remove_key(struct dbc_conn *conn, const struct call *call, struct work *work)
{
    const struct table *t = work->self->base.table;
    struct dbc_stmt *s = dbc_prepare(conn, work->self->sql.remove);
    struct value v;
    int64_t removed;
    enum status st;

    value_of_key(table_unique(t, NULL), work->key, &v);
    store_bind(s, &v);
    st = store_run(s, call, t, NULL, &removed);
    return st == ST_OK && removed == 0 ? ST_NOT_FOUND : st;
}

static enum status work_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct work *work = arg;
    const struct table *t = work->self->base.table;
    struct dbc_conn *conn = dbc_tx_conn(tx);
    struct row before;
    enum status st = ST_NOT_FOUND;

    if (work->how && work->how->turn)
        st = store_mysql_turn(work->self, conn, call, work->key, work->how->turn);
    if (st != ST_NOT_FOUND)
        return st;
    st = read_one(conn, call, t, work->self->sql.lock, table_unique(t, NULL), work->key, true,
                  before.bytes);
    if (st != ST_OK)
        return st;
    if (work->how)
        return change_locked(conn, call, work, &before);
    st = work->may(before.bytes, call, work->arg);
    return st == ST_OK ? remove_key(conn, call, work) : st;
}

static enum status run_work(struct transaction *tx, const struct call *call, struct work *work)
{
    return tx ? work_body(tx, call, work)
              : transactor_run(work->self->transactor, call, work_body, work);
}

static enum status mysql_change(struct store *base, struct transaction *tx, const struct call *call,
                                const void *key, const struct store_change *how, void *out)
{
    struct work work = {.self = store_mysql_of(base), .key = key, .how = how};
    enum status st = run_work(tx, call, &work);

    if (st == ST_OK && out)
        memcpy(out, work.row.bytes, base->table->row_size);
    return st;
}

static enum status mysql_remove(struct store *base, struct transaction *tx, const struct call *call,
                                const void *key, store_change_fn may, void *arg)
{
    struct work work = {.self = store_mysql_of(base), .key = key, .may = may, .arg = arg};
    struct dbc_conn *conn = NULL;
    enum status st;

    if (may)
        return run_work(tx, call, &work);
    st = dbc_join(work.self->pool, tx, call, &conn);
    if (st != ST_OK)
        return st;
    st = remove_key(conn, call, &work);
    dbc_leave(work.self->pool, tx, conn);
    return st;
}

static void mysql_destroy(struct store *base)
{
    struct store_mysql *self;

    if (!base)
        return;
    self = store_mysql_of(base);
    self->transactor->ops->destroy(self->transactor);
    sql_fini(&self->sql);
    free(self);
}

static const struct store_ops MYSQL_OPS = {
    .insert = mysql_insert,
    .insert_many = store_mysql_insert_many,
    .keep = store_mysql_keep,
    .find = mysql_find,
    .find_many = store_mysql_find_many,
    .list = store_mysql_list,
    .list_many = store_mysql_list_many,
    .sum = store_mysql_sum,
    .change = mysql_change,
    .replace = store_mysql_replace,
    .remove = mysql_remove,
    .destroy = mysql_destroy,
};

struct store *store_mysql_create(struct dbc_pool *pool, const struct table *table)
{
    struct store_mysql *self = MEM_NEW(struct store_mysql);

    self->base = (struct store){&MYSQL_OPS, table};
    self->pool = pool;
    self->transactor = dbc_transactor_create(pool);
    sql_init(&self->sql, table);
    return &self->base;
}
