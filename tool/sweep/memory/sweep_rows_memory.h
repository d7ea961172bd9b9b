/* sweep_rows_memory.h - rows of a memdb table that a sweeper takes up, for tests. */
#ifndef TOOL_SWEEP_MEMORY_SWEEP_ROWS_MEMORY_H
#define TOOL_SWEEP_MEMORY_SWEEP_ROWS_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/store/table.h"
#include "tool/sweep/sweep_rows.h"

/** What table names are columns of `of`. Of its .open this understands column = 'VALUE' or
 * column = 1, and such with AND between them; anything else is a bug. All but table is borrowed. */
struct sweep_rows *sweep_rows_memory_create(struct memdb *db, const struct clock *clock,
                                            const struct table *of,
                                            const struct sweep_table *table);

#endif
