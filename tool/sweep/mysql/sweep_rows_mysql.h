/* sweep_rows_mysql.h - rows of a MariaDB table that a sweeper takes up. */
#ifndef TOOL_SWEEP_MYSQL_SWEEP_ROWS_MYSQL_H
#define TOOL_SWEEP_MYSQL_SWEEP_ROWS_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/sweep/sweep_rows.h"

/* Names and text of our own, never of a caller's: they become SQL. The table needs an index that
 * begins with what open compares and next. */
struct sweep_table {
    const char *table;
    const char *id;   /* BINARY(16), unique */
    const char *open; /* a condition: "state = 'HELD'" */
    const char *due;  /* DATETIME(6); never moved */
    const char *next; /* DATETIME(6); the value of due at first, then moved by each claim */
};

/** Copies what table points to into statements; pool is borrowed and outlives it. */
struct sweep_rows *sweep_rows_mysql_create(struct dbc_pool *pool, const struct sweep_table *table);

#endif
