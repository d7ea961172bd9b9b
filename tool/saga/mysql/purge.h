/* purge.h - deleting what is old, a few rows at a time. Private to tool/saga/mysql. */
#ifndef TOOL_SAGA_MYSQL_PURGE_H
#define TOOL_SAGA_MYSQL_PURGE_H

#include "tool/dbc/dbc.h"

/** sql: a DELETE with two parameters, age in seconds and number of rows at most. *n: how many went.
 * ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status purge_rows(struct dbc_pool *pool, const char *sql, const struct call *call,
                       int64_t age_s, size_t max, size_t *n);

#endif
