/* purge.h - deleting what is old, a few rows at a time: finished sagas, handled messages, what a
 * service's own rows say. */
#ifndef TOOL_DBC_PURGE_H
#define TOOL_DBC_PURGE_H

#include "tool/dbc/pool.h"

enum { PURGE_ROWS_MAX = 8 };

/* What goes for good once it is old. A table of these ends with a row without a name. */
struct purge_row {
    const char *name; /* of the job that does it: "hold_purge" */
    const char *sql;  /* for dbc_purge; may delete what hangs on a row with it */
};

/** sql: a DELETE with two parameters, age in seconds and number of rows at most. *n: how many went.
 * ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status dbc_purge(struct dbc_pool *pool, const char *sql, const struct call *call,
                      int64_t age_s, size_t max, size_t *n);

#endif
