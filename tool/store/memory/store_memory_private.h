/* store_memory_private.h - what the files of tool/store/memory share. */
#ifndef TOOL_STORE_MEMORY_STORE_MEMORY_PRIVATE_H
#define TOOL_STORE_MEMORY_STORE_MEMORY_PRIVATE_H

#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"

struct store_memory {
    struct store base;
    struct memdb *db;
    struct memdb_table *rows;
    struct store_memory **others; /* of each read of the table: where it is read; else NULL */
};

struct row {
    _Alignas(max_align_t) char bytes[TABLE_ROW_MAX];
};

static inline struct store_memory *store_memory_of(struct store *base)
{
    return container_of(base, struct store_memory, base);
}

/** The unique key by which a and b cannot both be there, or NULL. */
const char *store_memory_clash(const struct table *t, const void *a, const void *b);

/** Bytes of a row as it is in rows. */
size_t store_memory_size(const struct table *t);
/** What is read of others when there is anything, else NULL. */
struct store_memory **store_memory_others(struct memdb *db, const struct table *t);

/* These under the lock. */

/** row: what is stored, with what is read with it. False: it is not read, for there is no row of
 * another table. */
bool store_memory_fill(struct store_memory *self, const void *stored, void *row);
/** Whether a list has that row, wherever it begins. */
bool store_memory_means(struct store_memory *self, const struct store_list *list,
                        const void *stored);

/** ST_OK when row may stand at index i, or at the end for -1. */
enum status store_memory_may_stand(struct store_memory *self, const void *row, long i,
                                   const char **taken);

/** Index of the row that has the key in that column, or -1. */
long store_memory_find(struct store_memory *self, const struct column *c, const void *key);
/** row: a copy of row i as it is then. */
enum status store_memory_change(struct store_memory *self, struct transaction *tx,
                                const struct call *call, long i, const struct store_change *how,
                                char *row);

enum status store_memory_replace(struct store *base, struct transaction *tx,
                                 const struct call *call, const void *seen, const void *wanted,
                                 size_t n, size_t *replaced);
enum status store_memory_insert_many(struct store *base, struct transaction *tx,
                                     const struct call *call, void *rows, size_t n,
                                     const char **taken);
enum status store_memory_list_many(struct store *base, struct transaction *tx,
                                   const struct call *call, const struct store_many *many,
                                   size_t max, void *rows, size_t counts[]);
enum status store_memory_sum(struct store *base, struct transaction *tx, const struct call *call,
                             const struct store_sums *sums, size_t max, void *rows, size_t *n);

#endif
