/* purge.h - deleting what is old, a few rows at a time: finished sagas, handled messages. */
#ifndef TOOL_DBC_PURGE_H
#define TOOL_DBC_PURGE_H

#include "tool/dbc/pool.h"

/** sql: a DELETE with two parameters, age in seconds and number of rows at most. *n: how many went.
 * ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status dbc_purge(struct dbc_pool *pool, const char *sql, const struct call *call,
                      int64_t age_s, size_t max, size_t *n);

#endif
