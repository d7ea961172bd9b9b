/* saga_row.h - a row of the table saga as a record. Private to tool/saga/mysql. */
#ifndef TOOL_SAGA_MYSQL_SAGA_ROW_H
#define TOOL_SAGA_MYSQL_SAGA_ROW_H

#include "tool/dbc/statement.h"
#include "tool/saga/saga_store.h"

/* The columns of every statement that reads whole rows; its first parameter is SAGA_DATA_MAX,
 * or 0 to leave the data where they are. */
#define SAGA_ROW_COLUMNS                                                                           \
    "id, subject, type, state, step, version, attempts, reason,"                                   \
    " IF(OCTET_LENGTH(data) <= ?, data, NULL), COALESCE(OCTET_LENGTH(data), 0),"                   \
    " started_at, updated_at, TIMESTAMPDIFF(MICROSECOND, NOW(6), deadline_at) DIV 1000,"           \
    " TIMESTAMPDIFF(MICROSECOND, NOW(6), wake_at) DIV 1000"

/** Reads the row a statement stands on. What this release cannot read spoils nothing but the
 * record: it is unreadable then, and says why. */
void saga_row_read(struct dbc_stmt *s, struct saga_record *out);
/** False when it is no state this release knows: a newer one's. */
bool saga_row_state(const char *text, enum saga_state *out);

#endif
