/* column.h - the columns of the row that a statement is at. */
#ifndef TOOL_DBC_COLUMN_H
#define TOOL_DBC_COLUMN_H

#include "tool/dbc/statement.h"

/** Whether the column that comes next is NULL. */
bool dbc_col_null(const struct dbc_stmt *s);
/* Columns in order; NULL gives "" / nil / 0. A column of another type, a text longer than size, a
 * number beyond 64 bits give the same and an error that dbc_done reports, after a log line that
 * names the column. Integers are read from the integer types and from DECIMAL without decimals; no
 * function reads DOUBLE, FLOAT, DECIMAL with decimals. */
void dbc_col_text(struct dbc_stmt *s, char *out, size_t size);
void dbc_col_uuid(struct dbc_stmt *s, struct uuid *out);
void dbc_col_int(struct dbc_stmt *s, int64_t *out);
void dbc_col_time(struct dbc_stmt *s, int64_t *wall_us);
void dbc_col_date(struct dbc_stmt *s, int32_t *days);
/** Whether there is one that comes next: of a statement that is not always the same. */
bool dbc_col_more(const struct dbc_stmt *s);
void dbc_col_skip(struct dbc_stmt *s);
/** The column read last cannot be used: logged, and an error that dbc_done reports. */
void dbc_col_fault(struct dbc_stmt *s, const char *why);

#endif
