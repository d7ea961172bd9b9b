/* barrier_memory.h - processed messages in a memdb: for tests and the simulation. */
#ifndef TOOL_ONCE_MEMORY_BARRIER_MEMORY_H
#define TOOL_ONCE_MEMORY_BARRIER_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/once/barrier.h"

/** Both borrowed. Rows live in db's table "processed_message" and outlast the barrier; their age is
 * by the clock's wall_us. */
struct barrier *barrier_memory_create(struct memdb *db, const struct clock *clock);

#endif
