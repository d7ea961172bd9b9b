/* store_memory.c - a store over memdb: looks at every row, which is enough for tests. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/memdb/memdb_table.h"
#include "tool/store/memory/store_memory_private.h"
#include "tool/store/table_row.h"
#include "tool/store/value.h"

long store_memory_find(struct store_memory *self, const struct column *c, const void *key)
{
    struct value want, has;

    value_of_key(c, key, &want);
    for (size_t i = 0; i < memdb_count(self->rows); i++) {
        value_of_row(c, memdb_row(self->rows, i), &has);
        if (value_compare(&want, &has) == 0)
            return (long)i;
    }
    return -1;
}

static bool same(const struct column *c, const void *a, const void *b)
{
    struct value va, vb;

    value_of_row(c, a, &va);
    value_of_row(c, b, &vb);
    return va.kind != VALUE_NULL && vb.kind != VALUE_NULL && value_compare(&va, &vb) == 0;
}

static bool same_all(const struct table *t, const struct unique_key *u, const void *a,
                     const void *b)
{
    for (size_t i = 0; i < UNIQUE_COLUMNS_MAX && u->columns[i]; i++)
        if (!same(table_find(t, u->columns[i]), a, b))
            return false;
    return true;
}

const char *store_memory_clash(const struct table *t, const void *a, const void *b)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        if (c->flags & (COLUMN_KEY | COLUMN_UNIQUE) && same(c, a, b))
            return column_key_name(c);
    }
    for (size_t i = 0; i < t->n_uniques; i++)
        if (same_all(t, &t->uniques[i], a, b))
            return t->uniques[i].name;
    return NULL;
}

enum status store_memory_may_stand(struct store_memory *self, const void *row, long i,
                                   const char **taken)
{
    const struct table *t = self->base.table;
    struct value v;

    for (size_t k = 0; k < t->n_columns; k++) {
        value_of_row(&t->columns[k], row, &v);
        if (!value_fits(&t->columns[k], &v)) {
            log_error("value does not fit its column", LOG_TEXT("table", t->name),
                      LOG_TEXT("column", t->columns[k].name));
            return ST_INTERNAL;
        }
    }
    for (size_t k = 0; k < memdb_count(self->rows); k++) {
        const char *key =
            (long)k == i ? NULL : store_memory_clash(t, row, memdb_row(self->rows, k));
        if (key && taken)
            *taken = key;
        if (key)
            return ST_CONFLICT;
    }
    return ST_OK;
}

static enum status memory_insert(struct store *base, struct transaction *tx,
                                 const struct call *call, void *row, const char **taken)
{
    struct store_memory *self = store_memory_of(base);
    int64_t now_us = clock_wall_us(call->clock);
    struct row new;
    enum status st;

    table_copy(base->table, row, new.bytes);
    table_stamp_new(base->table, new.bytes, now_us);
    memdb_join(self->db, tx);
    st = store_memory_may_stand(self, new.bytes, -1, taken);
    if (st == ST_OK)
        memdb_insert(self->rows, tx, new.bytes);
    memdb_leave(self->db, tx);
    if (st == ST_OK)
        table_stamp_new(base->table, row, now_us);
    return st;
}

/* Under the lock; i: where one of its key stands, or -1. */
static enum status keep_row(struct store_memory *self, struct transaction *tx, long i,
                            const void *row, int64_t now_us, const char **taken)
{
    const struct table *t = self->base.table;
    const void *before = i >= 0 ? memdb_row(self->rows, (size_t)i) : NULL;
    struct row kept;
    enum status st;

    if (before && table_version(t, before) >= table_version(t, row))
        return ST_STALE;
    table_copy(t, row, kept.bytes);
    table_stamp_kept(t, kept.bytes, before ? table_created_us(t, before) : now_us, now_us);
    st = store_memory_may_stand(self, kept.bytes, i, taken);
    if (st == ST_OK && before)
        memdb_update(self->rows, tx, (size_t)i, kept.bytes);
    else if (st == ST_OK)
        memdb_insert(self->rows, tx, kept.bytes);
    return st;
}

static enum status memory_keep(struct store *base, struct transaction *tx, const struct call *call,
                               const void *row, const char **taken)
{
    struct store_memory *self = store_memory_of(base);
    const struct column *key = table_unique(base->table, NULL);
    int64_t now_us = clock_wall_us(call->clock);
    enum status st;

    ASSERT(table_flagged(base->table, COLUMN_VERSION));
    memdb_join(self->db, tx);
    st = keep_row(self, tx, store_memory_find(self, key, (const char *)row + key->offset), row,
                  now_us, taken);
    memdb_leave(self->db, tx);
    return st;
}

static enum status memory_find(struct store *base, struct transaction *tx, const struct call *call,
                               const char *by, const void *key, void *out)
{
    struct store_memory *self = store_memory_of(base);
    struct row row;
    long i;

    (void)call;
    memdb_join(self->db, tx);
    i = store_memory_find(self, table_unique(base->table, by), key);
    if (i >= 0 && !store_memory_fill(self, memdb_row(self->rows, (size_t)i), row.bytes))
        i = -1;
    memdb_leave(self->db, tx);
    if (i >= 0)
        memcpy(out, row.bytes, base->table->row_size);
    return i >= 0 ? ST_OK : ST_NOT_FOUND;
}

static enum status memory_find_many(struct store *base, struct transaction *tx,
                                    const struct call *call, const char *by,
                                    const void *const keys[], size_t n, void *rows, bool found[])
{
    for (size_t i = 0; i < n; i++)
        found[i] = memory_find(base, tx, call, by, keys[i],
                               (char *)rows + i * base->table->row_size) == ST_OK;
    return ST_OK;
}

/* Where two rows, or a row and a cursor, stand to each other in a list. */
struct order {
    const struct column *key, *sort; /* sort NULL: by key alone */
    bool descending;
};

static int compare_rows(const struct order *o, const void *a, const void *b)
{
    struct value va, vb;
    int d = 0;

    if (o->sort) {
        value_of_row(o->sort, a, &va);
        value_of_row(o->sort, b, &vb);
        d = value_compare(&va, &vb);
    }
    if (d == 0) {
        value_of_row(o->key, a, &va);
        value_of_row(o->key, b, &vb);
        d = value_compare(&va, &vb);
    }
    return o->descending ? -d : d;
}

static bool is_after(const struct order *o, const struct store_list *list, const void *row)
{
    struct value cursor, has;
    int d = 0;

    if (!list->after_key)
        return true;
    if (o->sort) {
        value_of_key(o->sort, list->after_sort, &cursor);
        value_of_row(o->sort, row, &has);
        d = value_compare(&has, &cursor);
    }
    if (d == 0) {
        value_of_key(o->key, list->after_key, &cursor);
        value_of_row(o->key, row, &has);
        d = value_compare(&has, &cursor);
    }
    return o->descending ? d < 0 : d > 0;
}

/* The first of the rows that are meant and after the one chosen last, or -1. */
static long next_row(struct store_memory *self, const struct order *o,
                     const struct store_list *list, const void *last)
{
    long best = -1;

    for (size_t i = 0; i < memdb_count(self->rows); i++) {
        const void *row = memdb_row(self->rows, i);
        if (!is_after(o, list, row) || !store_memory_means(self, list, row))
            continue;
        if (last && compare_rows(o, row, last) <= 0)
            continue;
        if (best < 0 || compare_rows(o, row, memdb_row(self->rows, (size_t)best)) < 0)
            best = (long)i;
    }
    return best;
}

static enum status memory_list(struct store *base, struct transaction *tx, const struct call *call,
                               const struct store_list *list, size_t max, void *rows, size_t *n)
{
    struct store_memory *self = store_memory_of(base);
    struct order order = {.key = table_unique(base->table, NULL), .descending = list->descending};
    const void *last = NULL;
    char *to = rows;
    long i;

    (void)call;
    if (list->sort)
        order.sort = table_find(base->table, list->sort);
    ASSERT(!list->sort || (order.sort && !(order.sort->flags & COLUMN_NULLABLE)));
    *n = 0;
    memdb_join(self->db, tx);
    while (*n < max && (i = next_row(self, &order, list, last)) >= 0) {
        last = memdb_row(self->rows, (size_t)i);
        (void)store_memory_fill(self, last, to + *n * base->table->row_size);
        ++*n;
    }
    memdb_leave(self->db, tx);
    return ST_OK;
}

enum status store_memory_change(struct store_memory *self, struct transaction *tx,
                                const struct call *call, long i, const struct store_change *how,
                                char *row)
{
    const struct table *t = self->base.table;
    const void *before = memdb_row(self->rows, (size_t)i);
    struct row asked;
    enum status st;

    if (how->version && how->version != table_version(t, before))
        return ST_STALE;
    memcpy(asked.bytes, before, store_memory_size(t));
    st = how->fn(asked.bytes, call, how->arg);
    if (st != ST_OK)
        return st;
    ASSERT(table_same_key(t, before, asked.bytes));
    if (!table_change(t, before, asked.bytes, clock_wall_us(call->clock), row))
        return ST_OK;
    st = store_memory_may_stand(self, row, i, how->taken);
    if (st == ST_OK)
        memdb_update(self->rows, tx, (size_t)i, row);
    return st;
}

static enum status memory_change(struct store *base, struct transaction *tx,
                                 const struct call *call, const void *key,
                                 const struct store_change *how, void *out)
{
    struct store_memory *self = store_memory_of(base);
    enum status st = ST_NOT_FOUND;
    struct row row;
    long i;

    memdb_join(self->db, tx);
    i = store_memory_find(self, table_unique(base->table, NULL), key);
    if (i >= 0)
        st = store_memory_change(self, tx, call, i, how, row.bytes);
    memdb_leave(self->db, tx);
    if (st == ST_OK && out)
        memcpy(out, row.bytes, base->table->row_size);
    return st;
}

static enum status memory_remove(struct store *base, struct transaction *tx,
                                 const struct call *call, const void *key, store_change_fn may,
                                 void *arg)
{
    struct store_memory *self = store_memory_of(base);
    enum status st = ST_NOT_FOUND;
    struct row row;
    long i;

    memdb_join(self->db, tx);
    i = store_memory_find(self, table_unique(base->table, NULL), key);
    if (i >= 0) {
        memcpy(row.bytes, memdb_row(self->rows, (size_t)i), store_memory_size(base->table));
        st = may ? may(row.bytes, call, arg) : ST_OK;
    }
    if (st == ST_OK)
        memdb_remove(self->rows, tx, (size_t)i);
    memdb_leave(self->db, tx);
    return st;
}

static void memory_destroy(struct store *base)
{
    struct store_memory *self = base ? store_memory_of(base) : NULL;

    for (size_t i = 0; base && i < base->table->n_reads; i++)
        store_destroy(&self->others[i]->base);
    if (self)
        free(self->others);
    free(self);
}

static const struct store_ops MEMORY_OPS = {
    .insert = memory_insert,
    .insert_many = store_memory_insert_many,
    .keep = memory_keep,
    .find = memory_find,
    .find_many = memory_find_many,
    .list = memory_list,
    .list_many = store_memory_list_many,
    .sum = store_memory_sum,
    .change = memory_change,
    .replace = store_memory_replace,
    .remove = memory_remove,
    .destroy = memory_destroy,
};

struct store *store_memory_create(struct memdb *db, const struct table *table)
{
    struct store_memory *self = MEM_NEW(struct store_memory);

    self->base = (struct store){&MEMORY_OPS, table};
    self->db = db;
    self->rows = memdb_table(db, table->name, store_memory_size(table));
    self->others = store_memory_others(db, table);
    return &self->base;
}
