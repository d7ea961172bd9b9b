/* driver.h - one connection of the driver, without its types: only driver.c and driver_stmt.c see
 * <mysql.h>. Private to tool/dbc. One thread at a time may use a driver and its statements. */
#ifndef TOOL_DBC_DRIVER_H
#define TOOL_DBC_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool/core/uuid.h"
#include "tool/dbc/pool.h"

enum {
    DRIVER_CONNECT_TIMEOUT_S = 2,
    DRIVER_STATEMENT_TIMEOUT_S = 4, /* the server gives up first, reading and writing 1 s later */
    DRIVER_LOCK_TIMEOUT_S = 2,
    DRIVER_WHY_MAX = 255,
};

struct driver;
struct driver_stmt;

/* What went wrong, by what there is to do about it. */
enum driver_fault {
    DRIVER_OK,
    DRIVER_DUPLICATE, /* a unique key refused; the transaction can go on */
    DRIVER_CONTENDED, /* deadlock or lock time-out: roll back and do the transaction again */
    DRIVER_REFUSED,   /* the server cannot do it now (too slow, read-only, full); rolled back */
    DRIVER_FULL,      /* the server has no room for one more connection */
    DRIVER_LOST,      /* the connection is gone; what was sent last may have been done */
    DRIVER_SQL,       /* our statement or our data is wrong: a bug */
    DRIVER_FAULTS
};

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

/** Connects and sets the session up, whatever the server's settings are: UTF-8, autocommit, UTC,
 * strict, READ COMMITTED, time-outs. NULL, *fault and why (without secrets), when that fails.
 * Blocks. */
struct driver *driver_open(const struct dbc_config *config, enum driver_fault *fault,
                           char why[DRIVER_WHY_MAX + 1]);
void driver_close(struct driver *d);
/** False when the server has closed or killed this idle connection, as far as this machine knows:
 * costs a system call, no round trip. */
bool driver_idle_intact(struct driver *d);
enum driver_fault driver_ping(struct driver *d);
/** One statement as text; its result, if any, is thrown away. */
enum driver_fault driver_query(struct driver *d, const char *sql);
/* Of the last fault: the server's number, SQLSTATE and message (which may quote data). */
unsigned driver_errno(const struct driver *d);
const char *driver_sqlstate(const struct driver *d);
const char *driver_message(const struct driver *d);

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
/* Columns of the row fetched last. The kind must be the column's. */
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
