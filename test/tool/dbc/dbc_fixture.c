/* dbc_fixture.c - a private MariaDB with one table. */
#include "test/tool/dbc/dbc_fixture.h"

#include <stdio.h>

#include "test/support/certificates.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

static bool use_tls(struct dbc_fixture *f)
{
    snprintf(f->tls_ca, sizeof(f->tls_ca), "%s/ca.pem", f->server.folder);
    f->config = (struct dbc_config){.host = "127.0.0.1",
                                    .port = (int)f->server.port,
                                    .user = "hanok",
                                    .password = "secret",
                                    .schema = "dbc",
                                    .tls_ca = f->tls_ca,
                                    .connections = 4};
    return certificates_make(f->server.folder, "ca", 2) &&
           mariadb_server_restart_tls(&f->server, "ca") &&
           mariadb_server_sql(&f->server, "GRANT ALL ON dbc.* TO hanok@127.0.0.1"
                                          " IDENTIFIED BY 'secret' REQUIRE SSL");
}

static int set_up(void **state, bool tls)
{
    struct dbc_fixture *f = MEM_NEW(struct dbc_fixture);

    *state = f;
    if (!mariadb_server_init(&f->server, NULL) ||
        !mariadb_server_sql(&f->server, "CREATE DATABASE dbc") ||
        !mariadb_server_sql(&f->server,
                            "CREATE TABLE dbc.t (id BINARY(16) PRIMARY KEY, name VARCHAR(20),"
                            " n BIGINT, at DATETIME(6), UNIQUE KEY t_name (name))"))
        return -1;
    f->metrics = metrics_create();
    f->config = mariadb_server_config(&f->server, "dbc", 4);
    f->admin = dbc_pool_create(&f->config, &CLOCK_SYSTEM);
    if (tls && !use_tls(f))
        return -1;
    f->config.metrics = f->metrics;
    f->pool = dbc_pool_create(&f->config, &CLOCK_SYSTEM);
    f->transactor = dbc_transactor_create(f->pool);
    return 0;
}

int dbc_fixture_set_up(void **state)
{
    return set_up(state, false);
}

int dbc_fixture_set_up_tls(void **state)
{
    return set_up(state, true);
}

int dbc_fixture_tear_down(void **state)
{
    struct dbc_fixture *f = *state;

    f->transactor->ops->destroy(f->transactor);
    dbc_pool_destroy(f->pool);
    dbc_pool_destroy(f->admin);
    metrics_destroy(f->metrics);
    mariadb_server_fini(&f->server);
    free(f);
    return 0;
}

struct dbc_conn *dbc_taken(struct dbc_fixture *f)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;

    assert_status(ST_OK, dbc_take(f->pool, &call, &conn));
    return conn;
}

enum status dbc_insert_row(struct dbc_conn *conn, const struct call *call, struct uuid id,
                           const char *name, int64_t n, int64_t at_us)
{
    struct dbc_stmt *s = dbc_prepare(conn, "INSERT INTO t (id, name, n, at) VALUES (?, ?, ?, ?)");

    dbc_bind_uuid(s, id);
    dbc_bind_text(s, name);
    dbc_bind_int(s, n);
    dbc_bind_time(s, at_us);
    return dbc_done(s, dbc_execute(s, call));
}

int64_t dbc_select_int(struct dbc_fixture *f, struct dbc_conn *conn, const char *sql,
                       const char *arg)
{
    struct dbc_conn *mine = conn ? conn : dbc_taken(f);
    struct dbc_stmt *s = dbc_prepare(mine, sql);
    struct call call = test_call();
    int64_t n = -1;
    enum status st;

    if (arg)
        dbc_bind_text(s, arg);
    st = dbc_execute(s, &call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, st));
    if (!conn)
        dbc_give(f->pool, mine);
    return n;
}

int64_t dbc_count_rows(struct dbc_fixture *f, struct dbc_conn *conn, const char *name)
{
    return dbc_select_int(f, conn, "SELECT COUNT(*) FROM t WHERE name = ?", name);
}
