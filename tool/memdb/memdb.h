/* memdb.h - a tiny transactional store of fixed-size rows in memory: the fake under every memory
 * data service, so that they roll back together like the tables of one schema. Serialised by one
 * lock; a transaction holds it from begin to end. */
#ifndef TOOL_MEMDB_MEMDB_H
#define TOOL_MEMDB_MEMDB_H

#include <stddef.h>

#include "tool/core/transaction.h"

struct memdb;
struct memdb_table;

struct memdb *memdb_create(void);
void memdb_destroy(struct memdb *db);
/** Rows are copied in and out; row_size bytes each, plain values. Lives as long as db. */
struct memdb_table *memdb_table(struct memdb *db, const char *name, size_t row_size);
struct transactor *memdb_transactor_create(struct memdb *db);

/** tx NULL: takes the lock for this op alone; pair with memdb_leave. */
void memdb_join(struct memdb *db, struct transaction *tx);
void memdb_leave(struct memdb *db, struct transaction *tx);

#endif
