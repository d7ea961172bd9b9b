/* driver_stmt.h - one prepared statement of a driver. Private to tool/dbc. */
#ifndef TOOL_DBC_DRIVER_STMT_H
#define TOOL_DBC_DRIVER_STMT_H

#include "tool/core/uuid.h"
#include "tool/dbc/driver.h"

struct driver_stmt;

/* Of a parameter, or of a column by its type. A column of any other type (DOUBLE, DECIMAL with
 * decimals, TIME, BIT ...) is DRIVER_OTHER: it has no value that could be read without loss. */
enum driver_kind {
    DRIVER_NULL,
    DRIVER_INT,
    DRIVER_BYTES,
    DRIVER_ID,
    DRIVER_TIME,
    DRIVER_DATE,
    DRIVER_OTHER
};

/* A parameter. bytes are borrowed until driver_execute returns. */
struct driver_value {
    enum driver_kind kind;
    int64_t
        num; /* DRIVER_INT; DRIVER_TIME: wall clock microseconds; DRIVER_DATE: days since 1970 */
    const void *bytes;
    size_t len;
    struct uuid id; /* DRIVER_ID */
};

/** NULL and *fault when it cannot be prepared. */
struct driver_stmt *driver_prepare(struct driver *d, const char *sql, enum driver_fault *fault);
void driver_stmt_close(struct driver_stmt *s);
/** True when it gives rows, so that doing it twice changes nothing. */
bool driver_stmt_reads(const struct driver_stmt *s);
/** Runs it and stores the whole result here. n must be the number of question marks. */
enum driver_fault driver_execute(struct driver_stmt *s, const struct driver_value *values,
                                 size_t n);
int64_t driver_affected(const struct driver_stmt *s);
bool driver_fetch(struct driver_stmt *s);
void driver_free_result(struct driver_stmt *s);

#endif
