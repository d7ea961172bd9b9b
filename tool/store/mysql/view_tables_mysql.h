/* view_tables_mysql.h - the two tables of a view in MariaDB. */
#ifndef TOOL_STORE_MYSQL_VIEW_TABLES_MYSQL_H
#define TOOL_STORE_MYSQL_VIEW_TABLES_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/store/table.h"
#include "tool/store/view_tables.h"

/** Borrows all. read, next: of the same columns; the pool's user may rename and empty them
 * (deploy/mysql/schema.sh). */
struct view_tables *view_tables_mysql_create(struct dbc_pool *pool, const struct table *read,
                                             const struct table *next);

#endif
