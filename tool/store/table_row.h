/* table_row.h - rows of a table, by its description: what storing makes of them (table.c). */
#ifndef TOOL_STORE_TABLE_ROW_H
#define TOOL_STORE_TABLE_ROW_H

#include "tool/store/table.h"

/** Copies the members that are columns and zeroes the rest: what a row is once it was stored. */
void table_copy(const struct table *t, const void *row, void *out);
bool table_same_key(const struct table *t, const void *a, const void *b);
/** Sets version and times of a row that is new. */
void table_stamp_new(const struct table *t, void *row, int64_t wall_us);
/** Sets the times of a row that is kept, at its own version; created_us: of the row it replaces. */
void table_stamp_kept(const struct table *t, void *row, int64_t created_us, int64_t wall_us);
/** 0 when it has none. */
int64_t table_created_us(const struct table *t, const void *row);
/** row: what a row that was `before` and shall be `asked` is once it was stored: one version
 * higher, changed now (unless nothing but COLUMN_ASIDE changes); created when it was. False: it is
 * as it was. */
bool table_change(const struct table *t, const void *before, const void *asked, int64_t wall_us,
                  void *row);
/** 0 when it has none. */
int64_t table_version(const struct table *t, const void *row);

#endif
