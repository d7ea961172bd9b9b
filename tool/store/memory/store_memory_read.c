/* store_memory_read.c - what is read with a row, from those of other tables, and which rows a list
 * means by all of it. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/memdb/memdb_table.h"
#include "tool/store/memory/store_memory_private.h"
#include "tool/store/value.h"

size_t store_memory_size(const struct table *t)
{
    return t->stored_size ? t->stored_size : t->row_size;
}

struct store_memory **store_memory_others(struct memdb *db, const struct table *t)
{
    struct store_memory **others = t->n_reads ? mem_alloc(t->n_reads, sizeof(*others)) : NULL;

    for (size_t i = 0; i < t->n_reads; i++) {
        const struct table_read *read = &t->reads[i];
        others[i] = store_memory_of(
            store_memory_create(db, read->with ? read->with->table : read->least->table));
    }
    return others;
}

static bool read_with(struct store_memory *other, const struct table *t,
                      const struct table_read *read, char *row)
{
    const struct column *by = table_find(t, read->with->by);
    const struct column *there = table_find(other->base.table, read->column.name);
    long i = store_memory_find(other, table_unique(other->base.table, NULL), row + by->offset);

    if (i < 0)
        return false;
    memcpy(row + read->column.offset,
           (const char *)memdb_row(other->rows, (size_t)i) + there->offset, there->size);
    return true;
}

static int64_t least_of(struct store_memory *other, const struct table *t,
                        const struct table_least *least, const char *row)
{
    const struct column *by = table_find(other->base.table, least->by);
    struct value key, has;
    int64_t found = INT64_MAX;
    struct row one;

    value_of_row(table_unique(t, NULL), row, &key);
    for (size_t i = 0; i < memdb_count(other->rows); i++) {
        value_of_row(by, memdb_row(other->rows, i), &has);
        if (value_compare(&key, &has) != 0 ||
            !store_memory_fill(other, memdb_row(other->rows, i), one.bytes))
            continue;
        found = least->of(one.bytes) < found ? least->of(one.bytes) : found;
    }
    if (found == INT64_MAX)
        return 0;
    return found < least->most ? found : least->most;
}

bool store_memory_fill(struct store_memory *self, const void *stored, void *row)
{
    const struct table *t = self->base.table;
    size_t size = store_memory_size(t);

    memcpy(row, stored, size);
    memset((char *)row + size, 0, t->row_size - size);
    for (size_t i = 0; i < t->n_reads; i++) {
        const struct table_read *read = &t->reads[i];
        int64_t found;
        if (read->with && !read_with(self->others[i], t, read, row))
            return false;
        if (!read->least)
            continue;
        found = least_of(self->others[i], t, read->least, row);
        memcpy((char *)row + read->column.offset, &found, sizeof(found));
    }
    return true;
}

/* ---- lists ---- */

static bool is_within(const struct column *c, const struct store_bound *bound,
                      const struct value *has)
{
    struct value want;

    if (bound->least) {
        value_of_key(c, bound->least, &want);
        if (value_compare(has, &want) < 0)
            return false;
    }
    if (bound->most) {
        value_of_key(c, bound->most, &want);
        if (value_compare(has, &want) > 0)
            return false;
    }
    return true;
}

static bool is_meant(const struct table *t, const struct store_list *list, const void *row)
{
    struct value want, has;

    for (size_t i = 0; i < STORE_EQUALS_MAX && list->where[i].column; i++) {
        const struct column *c = table_readable(t, list->where[i].column);
        ASSERT(c);
        value_of_key(c, list->where[i].value, &want);
        value_of_row(c, row, &has);
        if (value_compare(&want, &has) != 0)
            return false;
    }
    for (size_t i = 0; i < STORE_BOUNDS_MAX && list->bounds[i].column; i++) {
        const struct column *c = table_readable(t, list->bounds[i].column);
        ASSERT(c);
        value_of_row(c, row, &has);
        if (!is_within(c, &list->bounds[i], &has))
            return false;
    }
    return true;
}

/* By what is read with it as well, where there is any of that. */
bool store_memory_means(struct store_memory *self, const struct store_list *list,
                        const void *stored)
{
    struct row row;

    if (self->base.table->n_reads == 0)
        return is_meant(self->base.table, list, stored);
    return store_memory_fill(self, stored, row.bytes) &&
           is_meant(self->base.table, list, row.bytes);
}
