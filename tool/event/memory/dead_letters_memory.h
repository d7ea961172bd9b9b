/* dead_letters_memory.h - dead letters in a memdb: for tests and the simulation. */
#ifndef TOOL_EVENT_MEMORY_DEAD_LETTERS_MEMORY_H
#define TOOL_EVENT_MEMORY_DEAD_LETTERS_MEMORY_H

#include "tool/event/dead_letter.h"
#include "tool/memdb/memdb.h"

/** Both borrowed. Rows live in db's table "dead_letter" and outlast it; their age is by the clock's
 * wall_us. */
struct dead_letters *dead_letters_memory_create(struct memdb *db, const struct clock *clock);

#endif
