/* dbc_fixture.h - what the tests of the pool share: a private MariaDB with one table, t. */
#ifndef TEST_TOOL_DBC_DBC_FIXTURE_H
#define TEST_TOOL_DBC_DBC_FIXTURE_H

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"

struct dbc_fixture {
    struct mariadb_server server;
    struct metrics *metrics;
    struct dbc_config config;
    struct dbc_pool *pool, *admin; /* admin: for what is done to the other */
    struct transactor *transactor;
    char tls_ca[64];
};

/* Of a cmocka group; state is the fixture. */
int dbc_fixture_set_up(void **state);
/** The same with a pool that comes by TCP and TLS. */
int dbc_fixture_set_up_tls(void **state);
int dbc_fixture_tear_down(void **state);

/** A connection of f->pool, to be given back. */
struct dbc_conn *dbc_taken(struct dbc_fixture *f);
/** A row of t: id, name (unique; NULL = none), n, at. */
enum status dbc_insert_row(struct dbc_conn *conn, const struct call *call, struct uuid id,
                           const char *name, int64_t n, int64_t at_us);
/** The one number sql (a constant) gives; arg is its text parameter, NULL = it has none. conn NULL:
 * over any of f->pool. */
int64_t dbc_select_int(struct dbc_fixture *f, struct dbc_conn *conn, const char *sql,
                       const char *arg);
/** How many rows of t have that name. */
int64_t dbc_count_rows(struct dbc_fixture *f, struct dbc_conn *conn, const char *name);

#endif
