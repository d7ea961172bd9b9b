/* dbc_text.h - statements that come from a file, not from our source: migrations. */
#ifndef TOOL_DBC_DBC_TEXT_H
#define TOOL_DBC_DBC_TEXT_H

#include "tool/dbc/pool.h"

/** Runs one statement as it is, not prepared; its result, if any, is thrown away. why gets what the
 * server says (it may quote the statement). Blocks for the pool's statement time-out at most.
 * ST_OK | ST_CONFLICT (duplicate key) | ST_INTERNAL (the server refuses it) | ST_UNAVAILABLE (lost:
 * it may have happened) */
enum status dbc_run_text(struct dbc_conn *conn, const char *sql, char *why, size_t size);

#endif
