/* saga_store_memory.h - saga rows in a memdb: for tests and the simulation. */
#ifndef TOOL_SAGA_MEMORY_SAGA_STORE_MEMORY_H
#define TOOL_SAGA_MEMORY_SAGA_STORE_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/saga/saga_store.h"

/** Both borrowed. Rows live in db's table "saga" and outlast the store; its time is the clock's
 * wall_us. */
struct saga_store *saga_store_memory_create(struct memdb *db, const struct clock *clock);
/** For tests: from now on this release cannot read the row, or can again. */
void saga_store_memory_spoil(struct saga_store *store, struct uuid id, bool spoilt);

#endif
