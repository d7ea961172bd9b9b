/* driver_column.h - the columns of the row that a statement has fetched last (driver_stmt.c).
 * Private to tool/dbc. */
#ifndef TOOL_DBC_DRIVER_COLUMN_H
#define TOOL_DBC_DRIVER_COLUMN_H

#include "tool/dbc/driver_stmt.h"

/** How many there are. */
size_t driver_columns(const struct driver_stmt *s);
/* The kind that is read must be the column's. */
enum driver_kind driver_column_kind(const struct driver_stmt *s, size_t i);
bool driver_column_null(const struct driver_stmt *s, size_t i);
/** A new text "name"; free it. For a log line, not for every row. */
char *driver_column_name(const struct driver_stmt *s, size_t i);
/** False when it does not fit (DECIMAL(30), BIGINT UNSIGNED); NULL gives 0. */
bool driver_column_int(const struct driver_stmt *s, size_t i, int64_t *out);
/** Microseconds of DRIVER_TIME, days of DRIVER_DATE; NULL gives 0. */
int64_t driver_column_time(const struct driver_stmt *s, size_t i);
int64_t driver_column_date(const struct driver_stmt *s, size_t i);
/** Copies at most size bytes; returns how many there are. NULL has none. */
size_t driver_column_bytes(struct driver_stmt *s, size_t i, void *out, size_t size);

#endif
