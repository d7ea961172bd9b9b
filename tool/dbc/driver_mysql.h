/* driver_mysql.h - what driver.c and driver_stmt.c share: the only files that know the driver's own
 * types, MariaDB Connector/C's or, where they differ, Oracle's libmysqlclient's. */
#ifndef TOOL_DBC_DRIVER_MYSQL_H
#define TOOL_DBC_DRIVER_MYSQL_H

#include <mysql.h>

#include "tool/dbc/driver.h"

#if defined(MARIADB_BASE_VERSION) || defined(MARIADB_PACKAGE_VERSION)
typedef my_bool driver_bool;
#define DRIVER_IS_MARIADB 1
#else
typedef bool driver_bool;
#define DRIVER_IS_MARIADB 0
#endif

/* Whether it has a replication API. */
#if DRIVER_IS_MARIADB && __has_include(<mariadb_rpl.h>)
#define DRIVER_READS_LOGS 1
#else
#define DRIVER_READS_LOGS 0
#endif

struct driver {
    MYSQL *mysql;
    unsigned error;
    char sqlstate[6];
    char message[DBC_WHY_MAX + 1];
};

/** Remembers what the server or library said; returns what it means. */
enum driver_fault driver_note_fault(struct driver *d, unsigned error, const char *sqlstate,
                                    const char *message);

#endif
