/* capacity_rows_memory.h - slots and hold lines in memory: the fake that tests use. */
#ifndef DATASERVICE_CAPACITY_MEMORY_CAPACITY_ROWS_MEMORY_H
#define DATASERVICE_CAPACITY_MEMORY_CAPACITY_ROWS_MEMORY_H

#include "dataservice/capacity/capacity_rows.h"
#include "tool/memdb/memdb.h"
#include "tool/store/store.h"

/** Borrows both. slots: one of SLOT_TABLE, in db. */
struct capacity_rows *capacity_rows_memory_create(struct memdb *db, struct store *slots);
/** NULL is fine. */
void capacity_rows_memory_destroy(struct capacity_rows *rows);

#endif
