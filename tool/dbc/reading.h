/* reading.h - what was read may be gone: MariaDB shows a commit before its log is synced, and were
 * it to die in between, it would never have been. A commit that comes later is answered when the
 * log is synced up to it. If it comes over a connection that was there at the reading, it is by the
 * same server, which has not died since.
 *
 *   ... read ...
 *   opened = dbc_opened(pool);
 *   ... on any connection of the pool:
 *   if (dbc_was_there(conn, opened)) ... write and commit: what was read is on disk
 */
#ifndef TOOL_DBC_READING_H
#define TOOL_DBC_READING_H

#include "tool/dbc/pool.h"

/** How many connections the pool has opened since its start. Any thread. */
uint64_t dbc_opened(const struct dbc_pool *pool);
/** Whether it is one of the first so many. */
bool dbc_was_there(const struct dbc_conn *conn, uint64_t opened);

#endif
