/* store_memory.h - a table in memory: the fake that tests use, in the manner of the database. */
#ifndef TOOL_STORE_MEMORY_STORE_MEMORY_H
#define TOOL_STORE_MEMORY_STORE_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/store/store.h"

/** Borrows both; table is good (store_table_fault). Several of one table are one. */
struct store *store_memory_create(struct memdb *db, const struct table *table);

#endif
