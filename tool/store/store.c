/* store.c - what any store does the same way. */
#include "tool/store/store.h"

#include <string.h>

#include "tool/core/assert.h"

struct patch {
    const struct table *table;
    const void *from;
    const size_t *members;
    size_t n;
};

/* Members that several columns come from are copied once a column: the same bytes. */
static size_t copy_columns(const struct patch *patch, size_t offset, char *row)
{
    const char *from = patch->from;
    size_t copied = 0;

    for (size_t i = 0; i < patch->table->n_columns; i++) {
        const struct column *c = &patch->table->columns[i];
        if (c->offset != offset)
            continue;
        memcpy(row + offset, from + offset, c->size);
        if (c->flags & COLUMN_NULLABLE && c->has)
            *(bool *)(row + c->has) = *(const bool *)(from + c->has);
        copied++;
    }
    return copied;
}

static enum status apply(void *row, const struct call *call, void *arg)
{
    const struct patch *patch = arg;

    (void)call;
    for (size_t i = 0; i < patch->n; i++) {
        size_t copied = copy_columns(patch, patch->members[i], row);
        ASSERT(copied > 0);
    }
    return ST_OK;
}

enum status store_patch(struct store *s, struct transaction *tx, const struct call *call,
                        const void *key, int64_t version, const void *from, const size_t members[],
                        size_t n, void *out, const char **taken)
{
    struct patch patch = {s->table, from, members, n};

    return store_change(s, tx, call, key, &(struct store_change){apply, &patch, version, taken},
                        out);
}
