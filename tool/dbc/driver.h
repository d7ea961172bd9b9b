/* driver.h - one connection of the driver, without its types: only driver.c and driver_stmt.c see
 * <mysql.h>. Private to tool/dbc. One thread at a time may use a driver and its statements. */
#ifndef TOOL_DBC_DRIVER_H
#define TOOL_DBC_DRIVER_H

#include <stdbool.h>

#include "tool/dbc/pool.h"

enum {
    DRIVER_CONNECT_TIMEOUT_S = 2,
    DRIVER_STATEMENT_TIMEOUT_S = 4, /* the server gives up first, reading and writing 1 s later */
    DRIVER_LOCK_TIMEOUT_S = 2,
    DRIVER_STANDSTILL_S = 10, /* in a transaction; longer than any of ours may take */
};

struct driver;

/* What went wrong, by what there is to do about it. */
enum driver_fault {
    DRIVER_OK,
    DRIVER_DUPLICATE, /* a unique key refused; the transaction can go on */
    DRIVER_CONTENDED, /* deadlock or lock time-out: roll back and do the transaction again */
    DRIVER_REFUSED,   /* the server cannot do it now (too slow, full); rolled back */
    DRIVER_MISPLACED, /* the server is not, or no longer, the one to write to: read only, cut off
                         from its cluster, or another than a proxy led to before; rolled back */
    DRIVER_FULL,      /* the server has no room for one more connection */
    DRIVER_LOST,      /* the connection is gone; what was sent last may have been done */
    DRIVER_SQL,       /* our statement or our data is wrong: a bug */
    DRIVER_FAULTS
};

/** Connects and sets the session up, whatever the server's settings are: UTF-8, autocommit or not,
 * UTC, strict, READ COMMITTED, time-outs; and asks whether it may be written to. NULL, *fault and
 * why (without secrets), when that fails. Blocks. */
struct driver *driver_open(const struct dbc_config *config, bool autocommit,
                           enum driver_fault *fault, char why[DBC_WHY_MAX + 1]);
void driver_close(struct driver *d);
/** False when the server has closed or killed this idle connection, as far as this machine knows:
 * costs a system call, no round trip. */
bool driver_idle_intact(struct driver *d);
enum driver_fault driver_ping(struct driver *d);
/** A round trip: whether the server may be written to. */
enum driver_fault driver_check_place(struct driver *d);
/** A round trip. Outside of a transaction only. */
enum driver_fault driver_set_autocommit(struct driver *d, bool on);
/** One statement as text; its result, if any, is thrown away. */
enum driver_fault driver_query(struct driver *d, const char *sql);
/* Of the last fault: the server's number, SQLSTATE and message (which may quote data). */
unsigned driver_errno(const struct driver *d);
const char *driver_sqlstate(const struct driver *d);
const char *driver_message(const struct driver *d);

#endif
