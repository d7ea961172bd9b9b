/* store_memory_sum.c - what rows come to. */
#include <string.h>

#include "tool/memdb/memdb_table.h"
#include "tool/store/memory/store_memory_private.h"
#include "tool/store/value.h"

/* Below, equal to or above 0, by the columns in their order. */
static int compare(const struct table *t, const struct store_sums *sums, const void *a,
                   const void *b)
{
    struct value va, vb;
    int order = 0;

    for (size_t i = 0; order == 0 && i < STORE_EQUALS_MAX && sums->by[i]; i++) {
        const struct column *c = table_find(t, sums->by[i]);
        value_of_row(c, a, &va);
        value_of_row(c, b, &vb);
        order = value_compare(&va, &vb);
    }
    return order;
}

static int64_t *member(const struct table *t, const char *column, char *row)
{
    return (int64_t *)(void *)(row + table_find(t, column)->offset);
}

/* A new sum, of nothing yet, at its place among the n that are there. */
static char *begin(const struct table *t, const struct store_sums *sums, const char *row, char *at,
                   const char *end)
{
    memmove(at + t->row_size, at, (size_t)(end - at));
    memset(at, 0, t->row_size);
    for (size_t i = 0; i < STORE_EQUALS_MAX && sums->by[i]; i++) {
        const struct column *c = table_find(t, sums->by[i]);
        memcpy(at + c->offset, row + c->offset, c->size);
    }
    return at;
}

enum status store_memory_sum(struct store *base, struct transaction *tx, const struct call *call,
                             const struct store_sums *sums, size_t max, void *rows, size_t *n)
{
    struct store_memory *self = store_memory_of(base);
    const struct table *t = base->table;
    size_t count = 0, size = t->row_size;
    char *all;

    (void)call;
    memdb_join(self->db, tx);
    all = mem_alloc(memdb_count(self->rows) + 1, size);
    for (size_t i = 0; i < memdb_count(self->rows); i++) {
        char row[TABLE_ROW_MAX], *at = all;

        memcpy(row, memdb_row(self->rows, i), store_memory_size(t));
        while (at < all + count * size && compare(t, sums, at, row) < 0)
            at += size;
        if (at == all + count * size || compare(t, sums, at, row) != 0)
            begin(t, sums, row, at, all + count++ * size);
        *member(t, sums->column, at) += *member(t, sums->column, row);
    }
    memdb_leave(self->db, tx);
    *n = count < max ? count : max;
    memcpy(rows, all, *n * size);
    free(all);
    return ST_OK;
}
