/* store_memory_replace.c - rows that were seen before, made others. */
#include <string.h>

#include "tool/core/assert.h"
#include "tool/store/memory/store_memory_private.h"
#include "tool/store/table_row.h"

struct wish {
    const void *wanted;
    size_t size;
};

static enum status become(void *row, const struct call *call, void *arg)
{
    const struct wish *wish = arg;

    (void)call;
    memcpy(row, wish->wanted, wish->size);
    return ST_OK;
}

enum status store_memory_replace(struct store *base, struct transaction *tx,
                                 const struct call *call, const void *seen, const void *wanted,
                                 size_t n, size_t *replaced)
{
    const struct table *t = base->table;
    const struct column *key = table_unique(t, NULL);
    struct store_memory *self = store_memory_of(base);
    enum status st = ST_OK;
    struct row row;

    memdb_join(self->db, tx);
    *replaced = 0;
    for (size_t at = 0; at < n * t->row_size && (st == ST_OK || st == ST_STALE);
         at += t->row_size) {
        const char *one = (const char *)seen + at;
        struct wish wish = {(const char *)wanted + at, t->row_size};
        struct store_change how = {.fn = become, .arg = &wish, .version = table_version(t, one)};
        long i = store_memory_find(self, key, one + key->offset);
        ASSERT(how.version > 0);
        st = i < 0 ? ST_STALE : store_memory_change(self, tx, call, i, &how, row.bytes);
        *replaced += st == ST_OK;
    }
    memdb_leave(self->db, tx);
    return st == ST_STALE ? ST_OK : st;
}
