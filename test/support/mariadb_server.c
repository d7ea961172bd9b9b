/* mariadb_server.c - mariadbd as a child of a test. */
#include "test/support/mariadb_server.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/dbc/dbc_text.h"
#include "tool/migrate/migrate.h"

enum { START_PATIENCE_MS = 180000, SQL_TIMEOUT_S = 60, ARGS_MAX = 32, PORTS_TRIED = 3 };

static struct call call_of(int64_t timeout_ms)
{
    return (struct call){.clock = &CLOCK_SYSTEM,
                         .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + timeout_ms};
}

bool mariadb_server_start(struct mariadb_server *server)
{
    char data[64], pid[64], log[64], user[80], tmp[64], port[24], socket[80];
    const char *argv[ARGS_MAX] = {"mariadbd",
                                  "--no-defaults",
                                  user,
                                  data,
                                  tmp,
                                  socket,
                                  pid,
                                  port,
                                  "--bind-address=127.0.0.1",
                                  "--skip-name-resolve",
                                  "--character-set-server=utf8mb4",
                                  "--collation-server=utf8mb4_bin",
                                  "--innodb-flush-log-at-trx-commit=1",
                                  "--innodb-log-file-size=16M",
                                  "--innodb-buffer-pool-size=32M",
                                  "--max-connections=300",
                                  "--performance-schema=0"};
    size_t n = 17;

    for (size_t i = 0; i < MARIADB_SERVER_OPTIONS_MAX && server->options[i]; i++)
        argv[n++] = server->options[i];
    snprintf(user, sizeof(user), "--user=%s", server->user);
    snprintf(data, sizeof(data), "--datadir=%s/data", server->folder);
    snprintf(tmp, sizeof(tmp), "--tmpdir=%s", server->folder);
    snprintf(socket, sizeof(socket), "--socket=%s", server->socket);
    snprintf(pid, sizeof(pid), "--pid-file=%s/pid", server->folder);
    snprintf(port, sizeof(port), "--port=%u", server->port);
    snprintf(log, sizeof(log), "%s/log", server->folder);
    server->process = server_process_start(argv, log);
    if (server->process &&
        server_process_wait_socket(server->process, server->socket, START_PATIENCE_MS))
        return true;
    fprintf(stderr, "mariadbd did not start, see %s\n", log);
    return false;
}

static bool make_data(const struct mariadb_server *server)
{
    char command[512];

    snprintf(command, sizeof(command),
             "TMPDIR=%s mariadb-install-db --no-defaults --user=%s --datadir=%s/data"
             " --auth-root-authentication-method=socket --auth-root-socket-user=%s --skip-test-db"
             " --skip-name-resolve --innodb-log-file-size=16M >%s/install.log 2>&1",
             server->folder, server->user, server->folder, server->user, server->folder);
    if (system(command) == 0)
        return true;
    fprintf(stderr, "mariadb-install-db failed, see %s/install.log\n", server->folder);
    return false;
}

/* What was free a moment ago may be somebody's connection by now. */
static bool start_on_free_port(struct mariadb_server *server)
{
    for (int attempt = 0; attempt < PORTS_TRIED; attempt++) {
        server->port = server_free_port();
        if (mariadb_server_start(server))
            return true;
        mariadb_server_kill(server);
    }
    return false;
}

bool mariadb_server_init(struct mariadb_server *server, const char *const more[])
{
    struct passwd entry, *who = NULL;
    char texts[1024];

    *server = (struct mariadb_server){.folder = "/tmp/hanok-db-XXXXXX"};
    if (getpwuid_r(getuid(), &entry, texts, sizeof(texts), &who) != 0)
        return false;
    if (!who || !TEXT_COPY(server->user, who->pw_name) || !mkdtemp(server->folder))
        return false;
    for (size_t i = 0; more && more[i]; i++)
        server->options[i] = more[i];
    snprintf(server->socket, sizeof(server->socket), "%s/sock", server->folder);
    return make_data(server) && start_on_free_port(server);
}

static void end(struct mariadb_server *server, int signal)
{
    server_process_stop(server->process, signal);
    server->process = NULL;
}

void mariadb_server_stop(struct mariadb_server *server)
{
    end(server, SIGTERM);
}
void mariadb_server_kill(struct mariadb_server *server)
{
    end(server, SIGKILL);
}

bool mariadb_server_restart_tls(struct mariadb_server *server, const char *ca)
{
    mariadb_server_stop(server);
    snprintf(server->tls[0], sizeof(server->tls[0]), "--ssl-ca=%s/%s.pem", server->folder, ca);
    snprintf(server->tls[1], sizeof(server->tls[1]), "--ssl-cert=%s/%s-server.pem", server->folder,
             ca);
    snprintf(server->tls[2], sizeof(server->tls[2]), "--ssl-key=%s/%s-server.key", server->folder,
             ca);
    for (size_t i = 0; i < 3; i++)
        server->options[i] = server->tls[i];
    server->options[3] = NULL;
    return mariadb_server_start(server);
}

void mariadb_server_freeze(struct mariadb_server *server)
{
    server_process_freeze(server->process);
}

void mariadb_server_thaw(struct mariadb_server *server)
{
    server_process_signal(server->process, SIGCONT);
}

void mariadb_server_fini(struct mariadb_server *server)
{
    char command[64];

    mariadb_server_kill(server);
    snprintf(command, sizeof(command), "rm -rf %s", server->folder);
    if (system(command) != 0)
        fprintf(stderr, "%s: failed\n", command);
}

struct dbc_config mariadb_server_config(const struct mariadb_server *server, const char *schema,
                                        unsigned connections)
{
    return (struct dbc_config){.socket = server->socket,
                               .user = server->user,
                               .schema = schema,
                               .connections = connections};
}

bool mariadb_server_sql(const struct mariadb_server *server, const char *sql)
{
    struct dbc_config config = mariadb_server_config(server, "", 1);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct call call = call_of(SQL_TIMEOUT_S * 1000);
    struct dbc_conn *conn = NULL;
    char why[256] = "no connection";
    enum status st = dbc_take(pool, &call, &conn);

    if (st == ST_OK)
        st = dbc_run_text(conn, sql, why, sizeof(why));
    if (st != ST_OK)
        fprintf(stderr, "%s: %s\n", sql, why);
    dbc_give(pool, conn);
    dbc_pool_destroy(pool);
    return st == ST_OK;
}

bool mariadb_server_schema(const struct mariadb_server *server, const char *schema, const char *dir)
{
    struct dbc_config config = mariadb_server_config(server, schema, 1);
    char sql[256], why[MIGRATION_WHY_MAX + 1];
    struct call call = call_of(SQL_TIMEOUT_S * 1000);
    struct dbc_pool *pool;
    enum status st;

    snprintf(sql, sizeof(sql), "CREATE DATABASE %s CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
             schema);
    if (!mariadb_server_sql(server, sql))
        return false;
    config.statement_timeout_s = SQL_TIMEOUT_S;
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    st = migrate_run(pool, &call, dir, NULL, why);
    if (st != ST_OK)
        fprintf(stderr, "migrating %s from %s: %s\n", schema, dir, why);
    dbc_pool_destroy(pool);
    return st == ST_OK;
}
