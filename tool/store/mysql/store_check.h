/* store_check.h - whether the schema, as migrated, is what the table's description says: so that
 * code and migration cannot drift. */
#ifndef TOOL_STORE_MYSQL_STORE_CHECK_H
#define TOOL_STORE_MYSQL_STORE_CHECK_H

#include "tool/dbc/pool.h"
#include "tool/store/table.h"

/** Told each slip: "user.login_id has no unique key of its own". wider: the column only holds more
 * than is described, as a newer release's migration has made it. */
typedef void (*store_slip_fn)(void *arg, const char *slip, bool wider);

/** Compares names, types, lengths, NULL, collations, primary and unique keys. Columns that are not
 * described are fine when an INSERT may leave them out. A release runs on the schema of the next
 * one: what is wider is told, and fine; a value that then does not fit its member fails who reads
 * it. ST_OK (no slips but those) | ST_INVALID | ST_UNAVAILABLE ... (not known; ask again) */
enum status store_check(struct dbc_pool *pool, const struct call *call, const struct table *table,
                        store_slip_fn slip, void *arg);

#endif
