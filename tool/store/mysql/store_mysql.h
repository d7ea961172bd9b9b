/* store_mysql.h - a table in MariaDB, and the same description for SQL by hand:
 *
 *   snprintf(sql, sizeof(sql), "SELECT %s FROM `order` WHERE ...", store_columns(orders));
 *   s = dbc_prepare(conn, sql);
 *   ...
 *   while (dbc_next(s))
 *       store_read(s, orders->table, &rows[n++]);
 */
#ifndef TOOL_STORE_MYSQL_STORE_MYSQL_H
#define TOOL_STORE_MYSQL_STORE_MYSQL_H

#include "tool/dbc/statement.h"
#include "tool/store/store.h"

/** Borrows both; table is good (store_table_fault) and as in the schema (store_check.h). */
struct store *store_mysql_create(struct dbc_pool *pool, const struct table *table);

/** The columns that store_read reads, in its order: "`id`, `name`". Lives as long as the store,
 * which is one of store_mysql_create. */
const char *store_columns(const struct store *store);
/** Reads them, from the statement's next column on, into row; what cannot be read is reported by
 * dbc_done. */
void store_read(struct dbc_stmt *s, const struct table *table, void *row);

#endif
