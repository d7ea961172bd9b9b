/* sweep_rows_memory.h - rows of a memdb table that a sweeper takes up, for tests. */
#ifndef TOOL_SWEEP_MEMORY_SWEEP_ROWS_MEMORY_H
#define TOOL_SWEEP_MEMORY_SWEEP_ROWS_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/sweep/sweep_rows.h"

struct sweep_memory_table {
    struct memdb *db;
    struct memdb_table *table;
    size_t row_size;
    size_t id, due_us, next_us; /* offsetof a struct uuid and two int64_t in a row */
    bool (*open)(const void *row);
    const struct clock *clock;
};

/** Copies table; what it points to is borrowed. */
struct sweep_rows *sweep_rows_memory_create(const struct sweep_memory_table *table);

#endif
