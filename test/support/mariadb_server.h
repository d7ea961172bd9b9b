/* mariadb_server.h - a private MariaDB for a test, on a socket and a port of its own. */
#ifndef TEST_SUPPORT_MARIADB_SERVER_H
#define TEST_SUPPORT_MARIADB_SERVER_H

#include <stdbool.h>

#include "test/support/server_process.h"
#include "tool/dbc/pool.h"

enum { MARIADB_SERVER_OPTIONS_MAX = 8 };

struct mariadb_server {
    struct server_process *process; /* NULL while it is stopped */
    unsigned port;
    char folder[32]; /* everything of it; removed by mariadb_server_fini */
    char socket[64];
    char user[64]; /* its administrator: who runs the test, by socket authentication */
    const char *options[MARIADB_SERVER_OPTIONS_MAX];
    char tls[3][80]; /* options of mariadb_server_restart_tls */
};

/** Makes an empty data folder and starts. more: further options of mariadbd, NULL-terminated, kept
 * by pointer; NULL = none. False when it does not come up. */
bool mariadb_server_init(struct mariadb_server *server, const char *const more[]);
/** Starts it again, with the data it had. */
bool mariadb_server_start(struct mariadb_server *server);
/** Starts it again, from now on with the certificate that certificates_make has put into its folder
 * under this name, and without the further options it had. */
bool mariadb_server_restart_tls(struct mariadb_server *server, const char *ca);
/** SIGTERM: an orderly end. */
void mariadb_server_stop(struct mariadb_server *server);
/** SIGKILL: a crash. */
void mariadb_server_kill(struct mariadb_server *server);
void mariadb_server_freeze(struct mariadb_server *server);
void mariadb_server_thaw(struct mariadb_server *server);
void mariadb_server_fini(struct mariadb_server *server);

/** As its administrator, over the socket. The texts live as long as server and schema. */
struct dbc_config mariadb_server_config(const struct mariadb_server *server, const char *schema,
                                        unsigned connections);
/** Runs one statement as its administrator; false (and a line on standard error) when refused. */
bool mariadb_server_sql(const struct mariadb_server *server, const char *sql);
/** A new schema, migrated from dir; schema NULL-free. False (and a line on standard error)
 * otherwise. */
bool mariadb_server_schema(const struct mariadb_server *server, const char *schema,
                           const char *dir);

#endif
