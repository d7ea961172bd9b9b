/* store_memory_many.c - many rows at once: that are new, or of several lists. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/memdb/memdb_table.h"
#include "tool/store/memory/store_memory_private.h"
#include "tool/store/table_row.h"

/* ST_OK when the i-th may stand beside what is there, and beside those before it. */
static enum status may_come(struct store_memory *self, const char *rows, size_t i,
                            const char **taken)
{
    const struct table *t = self->base.table;
    const char *row = rows + i * t->row_size, *key = NULL;
    enum status st = store_memory_may_stand(self, row, -1, taken);

    for (size_t k = 0; st == ST_OK && k < i && !key; k++)
        key = store_memory_clash(t, row, rows + k * t->row_size);
    if (key && taken)
        *taken = key;
    return key ? ST_CONFLICT : st;
}

enum status store_memory_insert_many(struct store *base, struct transaction *tx,
                                     const struct call *call, void *rows, size_t n,
                                     const char **taken)
{
    struct store_memory *self = store_memory_of(base);
    const struct table *t = base->table;
    int64_t now_us = clock_wall_us(call->clock);
    char *new = mem_alloc(n, t->row_size);
    enum status st = ST_OK;

    ASSERT(n >= 1 && n <= STORE_INSERT_MAX);
    for (size_t at = 0; at < n * t->row_size; at += t->row_size) {
        table_copy(t, (const char *)rows + at, new + at);
        table_stamp_new(t, new + at, now_us);
    }
    memdb_join(self->db, tx);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        st = may_come(self, new, i, taken);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        memdb_insert(self->rows, tx, new + i * t->row_size);
    memdb_leave(self->db, tx);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        table_stamp_new(t, (char *)rows + i * t->row_size, now_us);
    free(new);
    return st;
}

enum status store_memory_list_many(struct store *base, struct transaction *tx,
                                   const struct call *call, const struct store_many *many,
                                   size_t max, void *rows, size_t counts[])
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < many->n; i++)
        st = store_list(
            base, tx, call,
            &(struct store_list){.where = {{many->column, many->values[i]}}, .sort = many->sort},
            max, (char *)rows + i * max * base->table->row_size, &counts[i]);
    return st;
}
