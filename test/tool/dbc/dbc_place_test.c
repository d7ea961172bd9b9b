/* dbc_place_test.c - a fail-over: what was the database is read only now, and another server is it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "test/support/tcp_relay.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

enum { PATIENCE_MS = 120000 };

struct world {
    struct mariadb_server one, other;
    struct tcp_relay *relay;        /* what the pool takes for the database */
    struct dbc_pool *pool, *direct; /* direct: to the first, with more than one connection */
    struct transactor *transactor;
    struct {
        struct dbc_pool *pool;
        struct dbc_conn *conn;
    } admin[2]; /* of each server; opened before it is read only */
};

static bool make_server(struct mariadb_server *server)
{
    return mariadb_server_init(server, NULL) &&
           mariadb_server_sql(server, "CREATE DATABASE shop") &&
           mariadb_server_sql(server, "CREATE TABLE shop.t (n BIGINT)") &&
           mariadb_server_sql(server, "GRANT ALL ON shop.* TO hanok@127.0.0.1 IDENTIFIED BY 's'");
}

static struct dbc_pool *pool_at(unsigned port, unsigned connections)
{
    return dbc_pool_create(&(struct dbc_config){.host = "127.0.0.1",
                                                .port = (int)port,
                                                .user = "hanok",
                                                .password = "s",
                                                .schema = "shop",
                                                .connections = connections},
                           &CLOCK_SYSTEM);
}

static void open_admin(struct world *w, int i, const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "shop", 1);
    struct call call = test_call();

    w->admin[i].pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    assert_status(ST_OK, dbc_take(w->admin[i].pool, &call, &w->admin[i].conn));
}

enum { ONE, OTHER };

static void make_read_only(struct world *w, int which, bool on)
{
    struct dbc_stmt *s = dbc_prepare(w->admin[which].conn, "SET GLOBAL read_only = ?");
    struct call call = test_call();

    dbc_bind_int(s, on);
    assert_status(ST_OK, dbc_done(s, dbc_execute(s, &call)));
}

static int set_up(void **state)
{
    struct world *w = MEM_NEW(struct world);

    *state = w;
    log_set_fd(-1);
    if (!make_server(&w->one) || !make_server(&w->other))
        return -1;
    w->relay = tcp_relay_start(w->one.port, TCP_RELAY_ALL);
    w->pool = pool_at(tcp_relay_port(w->relay), 1);
    w->direct = pool_at(w->one.port, 3);
    w->transactor = dbc_transactor_create(w->pool);
    open_admin(w, ONE, &w->one);
    open_admin(w, OTHER, &w->other);
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    w->transactor->ops->destroy(w->transactor);
    dbc_pool_destroy(w->pool);
    dbc_pool_destroy(w->direct);
    for (size_t i = 0; i < ARRAY_LEN(w->admin); i++) {
        dbc_give(w->admin[i].pool, w->admin[i].conn);
        dbc_pool_destroy(w->admin[i].pool);
    }
    tcp_relay_stop(w->relay);
    mariadb_server_fini(&w->one);
    mariadb_server_fini(&w->other);
    free(w);
    return 0;
}

static enum status insert(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), "INSERT INTO t VALUES (1)");

    (void)arg;
    return dbc_done(s, dbc_execute(s, call));
}

static enum status write(struct world *w)
{
    struct call call = test_call();

    return transactor_run(w->transactor, &call, insert, NULL);
}

static enum status ping(struct dbc_pool *pool, char *why, size_t size)
{
    struct call call = test_call();
    const char *text = "";
    enum status st = dbc_ping(pool, &call, &text);

    snprintf(why, size, "%s", text);
    return st;
}

static int64_t number(struct dbc_conn *conn, const char *sql)
{
    struct dbc_stmt *s = dbc_prepare(conn, sql);
    struct call call = test_call();
    int64_t n = -1;

    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    return n;
}

static int64_t rows(const struct mariadb_server *server)
{
    struct dbc_pool *pool = pool_at(server->port, 1);
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    int64_t n;

    assert_status(ST_OK, dbc_take(pool, &call, &conn));
    n = number(conn, "SELECT COUNT(*) FROM t");
    dbc_give(pool, conn);
    dbc_pool_destroy(pool);
    return n;
}

static void writes_follow_a_fail_over(void **state)
{
    struct world *w = *state;

    assert_status(ST_OK, write(w));
    make_read_only(w, ONE, true);
    tcp_relay_lead(w->relay, w->other.port);
    assert_status(ST_OK, write(w)); /* refused by the old, then done by the new */
    assert_int_equal(rows(&w->other), 1);
}

static void a_server_that_is_read_only_is_not_the_database(void **state)
{
    struct world *w = *state;
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    char why[256];

    make_read_only(w, OTHER, true);
    assert_status(ST_UNAVAILABLE, write(w));
    assert_status(ST_UNAVAILABLE, ping(w->pool, why, sizeof(why)));
    assert_non_null(strstr(why, "read only"));
    make_read_only(w, ONE, false);
    tcp_relay_lead(w->relay, w->one.port);
    while (write(w) != ST_OK) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        poll(NULL, 0, 20);
    }
    assert_status(ST_OK, ping(w->pool, why, sizeof(why)));
    assert_int_equal(rows(&w->one), 2);
}

static void also_who_only_looks_learns_it(void **state)
{
    struct world *w = *state;
    char why[256];

    assert_status(ST_OK, ping(w->pool, why, sizeof(why)));
    make_read_only(w, ONE, true);
    assert_status(ST_UNAVAILABLE, ping(w->pool, why, sizeof(why)));
    assert_non_null(strstr(why, "read only"));
    make_read_only(w, ONE, false);
}

static void with_the_first_all_connections_to_that_server_end(void **state)
{
    struct world *w = *state;
    struct dbc_conn *conns[3];
    struct call call = test_call();
    struct dbc_stmt *s;
    int64_t last = 0;

    for (size_t i = 0; i < ARRAY_LEN(conns); i++) {
        int64_t id;
        assert_status(ST_OK, dbc_take(w->direct, &call, &conns[i]));
        id = number(conns[i], "SELECT CONNECTION_ID()");
        last = id > last ? id : last;
    }
    dbc_give(w->direct, conns[0]);
    make_read_only(w, ONE, true);
    s = dbc_prepare(conns[1], "INSERT INTO t VALUES (1)");
    assert_status(ST_UNAVAILABLE, dbc_done(s, dbc_execute(s, &call)));
    dbc_give(w->direct, conns[1]);
    dbc_give(w->direct, conns[2]); /* which has noticed nothing */
    make_read_only(w, ONE, false);
    for (size_t i = 0; i < ARRAY_LEN(conns); i++) {
        assert_status(ST_OK, dbc_take(w->direct, &call, &conns[i]));
        assert_true(number(conns[i], "SELECT CONNECTION_ID()") > last);
    }
    for (size_t i = 0; i < ARRAY_LEN(conns); i++)
        dbc_give(w->direct, conns[i]);
}

/* As the server, a cluster's node or a proxy in between says it. */
static void whatever_says_so_ends_the_connection(void **state)
{
    static const int ERRORS[] = {1290, 1792, 1836, 1047, 1243};
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(ERRORS); i++) {
        struct call call = test_call();
        struct dbc_conn *conn = NULL;
        struct dbc_stmt *s;
        char sql[128];
        int64_t id;

        assert_status(ST_OK, dbc_take(w->direct, &call, &conn));
        id = number(conn, "SELECT CONNECTION_ID()");
        snprintf(sql, sizeof(sql),
                 "BEGIN NOT ATOMIC SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = %d; END", ERRORS[i]);
        s = dbc_prepare(conn, sql);
        assert_status(ST_UNAVAILABLE, dbc_done(s, dbc_execute(s, &call)));
        dbc_give(w->direct, conn);
        assert_status(ST_OK, dbc_take(w->direct, &call, &conn));
        assert_true(number(conn, "SELECT CONNECTION_ID()") > id);
        dbc_give(w->direct, conn);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_follow_a_fail_over),
        cmocka_unit_test(a_server_that_is_read_only_is_not_the_database),
        cmocka_unit_test(also_who_only_looks_learns_it),
        cmocka_unit_test(with_the_first_all_connections_to_that_server_end),
        cmocka_unit_test(whatever_says_so_ends_the_connection),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
