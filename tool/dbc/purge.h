/* purge.h - deleting what is old, a few rows at a time: finished sagas, handled messages, what a
 * service's own rows say. */
#ifndef TOOL_DBC_PURGE_H
#define TOOL_DBC_PURGE_H

#include "tool/dbc/pool.h"

enum { PURGE_ROWS_MAX = 8, PURGE_STEPS_MAX = 4, PURGE_IDS = 16 };

/* The parameters of a step. */
#define PURGE_ID_MARKS "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"

/* What goes for good once it is old: by a statement, or, where more than one is needed, by a
 * transaction. A table of these ends with a row without a name. */
struct purge_row {
    const char *name; /* of the job that does it: "hold_purge" */
    const char *sql;  /* a DELETE with two parameters, age in seconds and number of rows at most;
                         may delete what hangs on a row with it */
    /* Instead of sql, with the same parameters: the ids (BINARY(16)) of what goes, locked. */
    const char *find;
    /* What is done with them, in this order, each with PURGE_IDS parameters: the last id may be
     * said more than once. The last step deletes them. */
    const char *steps[PURGE_STEPS_MAX];
};

/** sql: as above. *n: how many rows went. ST_OK | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status dbc_purge(struct dbc_pool *pool, const char *sql, const struct call *call,
                      int64_t age_s, size_t max, size_t *n);
/** The same of a row; *n: of one with steps, how many ids went, max or a few more at most. */
enum status dbc_purge_row(struct dbc_pool *pool, const struct purge_row *row,
                          const struct call *call, int64_t age_s, size_t max, size_t *n);

#endif
