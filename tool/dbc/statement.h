/* statement.h - a statement on a connection of the pool: prepared once a connection and kept. A
 * builder keeps its first error and reports it once, from execute or done. Its columns: column.h.
 *
 *   struct dbc_stmt *s = dbc_prepare(conn, "SELECT name FROM t WHERE id = ?");
 *   dbc_bind_uuid(s, id);
 *   st = dbc_execute(s, call);
 *   if (st == ST_OK && dbc_next(s))
 *       dbc_col_text(s, name, sizeof(name));
 *   st = dbc_done(s, st);            // always: hands the statement back
 */
#ifndef TOOL_DBC_STATEMENT_H
#define TOOL_DBC_STATEMENT_H

#include <stdbool.h>

#include "tool/core/uuid.h"
#include "tool/dbc/pool.h"

struct dbc_stmt;

/** sql: copied; its text is the cache's key, and of each connection's statements those that were
 * not used for the longest time make room. Never NULL. */
struct dbc_stmt *dbc_prepare(struct dbc_conn *conn, const char *sql);
/* In order of the question marks. Texts are borrowed until dbc_execute. */
void dbc_bind_text(struct dbc_stmt *s, const char *text); /* NULL = SQL NULL */
void dbc_bind_uuid(struct dbc_stmt *s, struct uuid id);
void dbc_bind_int(struct dbc_stmt *s, int64_t v);
void dbc_bind_time(struct dbc_stmt *s, int64_t wall_us); /* DATETIME(6), UTC */
void dbc_bind_date(struct dbc_stmt *s, int32_t days);    /* DATE, since 1970-01-01 */

/** Runs it and stores the result. Not begun when the call's time is over (ST_UNAVAILABLE); once
 * begun, the statement time-out bounds it. ST_OK | ST_CONFLICT (duplicate key: dbc_conflict_key) |
 * ST_UNAVAILABLE | ST_UNCERTAIN (lost during an autocommitted write) | ST_INTERNAL (our SQL;
 * logged) */
enum status dbc_execute(struct dbc_stmt *s, const struct call *call);
/** Rows matched by UPDATE, DELETE, INSERT (matched, not only changed: CLIENT_FOUND_ROWS). */
int64_t dbc_affected(const struct dbc_stmt *s);
/** After ST_CONFLICT: the name of the unique key that refused ("login_id"). "" when unknown. */
const char *dbc_conflict_key(const struct dbc_stmt *s);
/** Next row; false after the last. */
bool dbc_next(struct dbc_stmt *s);
/** Hands the statement back to the connection's cache. Returns st, or ST_INTERNAL when st is ST_OK
 * but a column did not fit. */
enum status dbc_done(struct dbc_stmt *s, enum status st);

#endif
