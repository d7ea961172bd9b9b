/* sweep_rows_mysql.h - rows of a MariaDB table that a sweeper takes up. */
#ifndef TOOL_SWEEP_MYSQL_SWEEP_ROWS_MYSQL_H
#define TOOL_SWEEP_MYSQL_SWEEP_ROWS_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/sweep/sweep_rows.h"

/** Copies what table points to into statements; pool is borrowed and outlives it. */
struct sweep_rows *sweep_rows_mysql_create(struct dbc_pool *pool, const struct sweep_table *table);

#endif
