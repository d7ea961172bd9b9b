/* memdb_table.h - the rows of one table of a memdb. */
#ifndef TOOL_MEMDB_MEMDB_TABLE_H
#define TOOL_MEMDB_MEMDB_TABLE_H

#include <stdbool.h>

#include "tool/memdb/memdb.h"

/** Copies the first row for which match(row, key) is true. Joins and leaves by itself.
 * ST_OK | ST_NOT_FOUND */
enum status memdb_read(struct memdb *db, struct memdb_table *t, struct transaction *tx,
                       bool (*match)(const void *row, const void *key), const void *key, void *out);

/** Removes up to max rows for which match(row, key) is true; says how many. Joins and leaves by
 * itself, on its own. */
size_t memdb_prune(struct memdb *db, struct memdb_table *t,
                   bool (*match)(const void *row, const void *key), const void *key, size_t max);

/* Between join and leave. Pointers into a table are valid until its next insert or remove. */
size_t memdb_count(const struct memdb_table *t);
void *memdb_row(struct memdb_table *t, size_t i);
/** Index of the first row for which match(row, key) is true, or -1. */
long memdb_find(struct memdb_table *t, bool (*match)(const void *row, const void *key),
                const void *key);
void memdb_insert(struct memdb_table *t, struct transaction *tx, const void *row);
/** Overwrites row i; undone on roll-back. */
void memdb_update(struct memdb_table *t, struct transaction *tx, size_t i, const void *row);
void memdb_remove(struct memdb_table *t, struct transaction *tx, size_t i);

#endif
