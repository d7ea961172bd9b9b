/* dbc_limits_test.c - servers that are set up otherwise than we wish: fewer connections or prepared
 * statements than the pool wants, another character set, no autocommit, cut answers. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

enum { READERS = 64, ROOM = 4, PATIENCE_MS = 120000 };

struct world {
    struct mariadb_server server;
    struct dbc_config config;
    struct dbc_pool *pool;
};

static int set_up(void **state)
{
    static const char *const OPTIONS[] = {"--skip-character-set-client-handshake",
                                          "--character-set-server=latin1",
                                          "--collation-server=latin1_swedish_ci",
                                          "--init-connect=SET NAMES latin1; SET autocommit = 0,"
                                          " sql_select_limit = 1, group_concat_max_len = 4;"
                                          " SET SESSION TRANSACTION READ ONLY",
                                          "--autocommit=0",
                                          "--max-prepared-stmt-count=10",
                                          NULL};
    struct world *w = MEM_NEW(struct world);

    *state = w;
    if (!mariadb_server_init(&w->server, OPTIONS) ||
        !mariadb_server_sql(&w->server, "CREATE DATABASE odd CHARACTER SET utf8mb4") ||
        !mariadb_server_sql(&w->server, "CREATE TABLE odd.t (name VARCHAR(20) PRIMARY KEY)") ||
        !mariadb_server_sql(&w->server, "GRANT ALL ON odd.* TO hanok@127.0.0.1 IDENTIFIED BY"
                                        " 'secret' WITH MAX_USER_CONNECTIONS 4"))
        return -1;
    w->config = (struct dbc_config){.host = "127.0.0.1",
                                    .port = (int)w->server.port,
                                    .user = "hanok",
                                    .password = "secret",
                                    .schema = "odd",
                                    .connections = 32};
    w->pool = dbc_pool_create(&w->config, &CLOCK_SYSTEM);
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    dbc_pool_destroy(w->pool);
    mariadb_server_fini(&w->server);
    free(w);
    return 0;
}

static int64_t admin_int(struct world *w, const char *sql)
{
    struct dbc_config config = mariadb_server_config(&w->server, "odd", 1);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t n = -1;

    assert_status(ST_OK, dbc_take(pool, &call, &conn));
    s = dbc_prepare(conn, sql);
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(pool, conn);
    dbc_pool_destroy(pool);
    return n;
}

static enum status insert_name(struct dbc_pool *pool, const char *name)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    enum status st = dbc_take(pool, &call, &conn);

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, "INSERT INTO t (name) VALUES (?)");
    dbc_bind_text(s, name);
    st = dbc_done(s, dbc_execute(s, &call));
    dbc_give(pool, conn);
    return st;
}

static void names_are_stored_as_they_are_and_at_once(void **state)
{
    struct world *w = *state;

    assert_status(ST_OK, insert_name(w->pool, "김한옥"));
    assert_int_equal(1, admin_int(w, "SELECT COUNT(*) FROM t WHERE"
                                     " HEX(name) = 'EAB980ED959CEC98A5'"));
}

static enum status insert_in_tx(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_stmt *s = dbc_prepare(dbc_tx_conn(tx), "INSERT INTO t (name) VALUES (?)");

    dbc_bind_text(s, arg);
    assert_status(ST_OK, dbc_done(s, dbc_execute(s, call)));
    return strcmp(arg, "refused") == 0 ? ST_CONFLICT : ST_OK;
}

static void a_transaction_is_whole(void **state)
{
    struct world *w = *state;
    struct transactor *transactor = dbc_transactor_create(w->pool);
    struct call call = test_call();

    assert_status(ST_CONFLICT, transactor_run(transactor, &call, insert_in_tx, "refused"));
    assert_status(ST_OK, transactor_run(transactor, &call, insert_in_tx, "kept"));
    assert_int_equal(1, admin_int(w, "SELECT COUNT(*) FROM t WHERE name IN ('refused', 'kept')"));
    transactor->ops->destroy(transactor);
}

static void an_idle_connection_keeps_no_transaction_open(void **state)
{
    struct world *w = *state;
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;

    assert_status(ST_OK, dbc_take(w->pool, &call, &conn));
    s = dbc_prepare(conn, "SELECT name FROM t");
    assert_status(ST_OK, dbc_done(s, dbc_execute(s, &call)));
    dbc_give(w->pool, conn);
    assert_true(mariadb_server_sql(&w->server, "ALTER TABLE odd.t ADD n INT, LOCK = EXCLUSIVE"));
    assert_int_equal(0, admin_int(w, "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE"
                                     " trx_mysql_thread_id <> CONNECTION_ID()"));
}

static void a_server_that_keeps_few_statements_is_enough(void **state)
{
    struct world *w = *state;
    struct dbc_pool *own = dbc_pool_create(&w->config, &CLOCK_SYSTEM);
    struct call call = test_call();
    struct dbc_conn *conn = NULL;

    assert_status(ST_OK, dbc_take(own, &call, &conn));
    for (int i = 0; i < 40; i++) {
        char sql[32];
        struct dbc_stmt *s;
        snprintf(sql, sizeof(sql), "SELECT %d", i % 20);
        s = dbc_prepare(conn, sql);
        assert_status(ST_OK, dbc_done(s, dbc_execute(s, &call)));
    }
    dbc_give(own, conn);
    dbc_pool_destroy(own);
}

static void answers_are_whole(void **state)
{
    struct world *w = *state;
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    char text[16] = "";

    assert_status(ST_OK, dbc_take(w->pool, &call, &conn));
    s = dbc_prepare(conn, "SELECT GROUP_CONCAT(seq) FROM (SELECT 11 AS seq UNION SELECT 22) AS t"
                          " UNION ALL SELECT 'next'");
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_text(s, text, sizeof(text));
    assert_string_equal("11,22", text);
    assert_true(dbc_next(s));
    dbc_col_text(s, text, sizeof(text));
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(w->pool, conn);
}

struct readers {
    struct world *w;
    enum status ends[TEST_THREADS_MAX];
};

static void read_often(void *arg, int i)
{
    struct readers *readers = arg;

    for (int k = 0; k < READERS / TEST_THREADS_MAX * 20 && readers->ends[i] == ST_OK; k++) {
        struct call call = test_call();
        struct dbc_conn *conn = NULL;
        struct dbc_stmt *s;
        readers->ends[i] = dbc_take(readers->w->pool, &call, &conn);
        if (readers->ends[i] != ST_OK)
            return;
        s = dbc_prepare(conn, "SELECT SLEEP(0.001)");
        readers->ends[i] = dbc_done(s, dbc_execute(s, &call));
        dbc_give(readers->w->pool, conn);
    }
}

static void who_cannot_connect_waits_for_one_that_is_given_back(void **state)
{
    struct readers readers = {.w = *state};

    test_race(TEST_THREADS_MAX, read_often, &readers);
    for (int i = 0; i < TEST_THREADS_MAX; i++)
        assert_status(ST_OK, readers.ends[i]);
}

static void who_finds_all_room_taken_waits_until_the_deadline_and_no_longer(void **state)
{
    struct world *w = *state;
    struct dbc_conn *all[ROOM], *none = NULL;
    struct call call = test_call();

    for (size_t i = 0; i < ROOM; i++)
        assert_status(ST_OK, dbc_take(w->pool, &call, &all[i]));
    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 100;
    assert_status(ST_OVERLOADED, dbc_take(w->pool, &call, &none));
    assert_true(call_expired(&call));
    for (size_t i = 0; i < ROOM; i++)
        dbc_give(w->pool, all[i]);
}

static void who_has_none_at_all_asks_again_until_there_is_room(void **state)
{
    struct world *w = *state;
    struct dbc_pool *other = dbc_pool_create(&w->config, &CLOCK_SYSTEM);
    struct call call = test_call();
    struct dbc_conn *conn = NULL;

    /* the first pool's idle connections are all that the account may have */
    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 100;
    assert_status(ST_OVERLOADED, dbc_take(other, &call, &conn));
    dbc_pool_destroy(w->pool);
    call = test_call();
    assert_status(ST_OK, dbc_take(other, &call, &conn));
    dbc_give(other, conn);
    w->pool = other;
}

static void the_pool_grows_again_once_there_is_more_room(void **state)
{
    enum { MORE = 12 };
    struct world *w = *state;
    struct dbc_conn *all[MORE];
    struct call call = test_call();

    assert_true(
        mariadb_server_sql(&w->server, "ALTER USER hanok@127.0.0.1 WITH MAX_USER_CONNECTIONS 20"));
    for (size_t i = 0; i < MORE; i++)
        assert_status(ST_OK, dbc_take(w->pool, &call, &all[i]));
    for (size_t i = 0; i < MORE; i++)
        dbc_give(w->pool, all[i]);
}

static bool was_logged(int fd, const char *msg)
{
    char text[16384];
    ssize_t n;

    assert_true(log_drain(PATIENCE_MS));
    n = pread(fd, text, sizeof(text) - 1, 0);
    assert_true(n >= 0);
    text[n] = '\0';
    return strstr(text, msg);
}

/* After an outage all of a server's clients come at once. */
static void a_server_that_is_back_and_full_is_back(void **state)
{
    struct world *w = *state;
    struct dbc_pool *others = dbc_pool_create(&w->config, &CLOCK_SYSTEM);
    struct dbc_conn *all[ROOM], *none = NULL;
    struct call call = test_call();
    int fd = memfd_create("log", MFD_CLOEXEC);

    assert_true(
        mariadb_server_sql(&w->server, "ALTER USER hanok@127.0.0.1 WITH MAX_USER_CONNECTIONS 4"));
    log_set_fd(fd);
    mariadb_server_stop(&w->server);
    assert_status(ST_UNAVAILABLE, dbc_take(w->pool, &call, &none));
    assert_true(was_logged(fd, "database is away"));
    assert_true(mariadb_server_start(&w->server));
    for (size_t i = 0; i < ROOM; i++)
        while (dbc_take(others, &call, &all[i]) != ST_OK)
            assert_false(call_expired(&call));
    do {
        call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 100;
    } while (dbc_take(w->pool, &call, &none) != ST_OVERLOADED);
    assert_true(was_logged(fd, "database is back"));
    log_set_fd(STDERR_FILENO);
    close(fd);
    for (size_t i = 0; i < ROOM; i++)
        dbc_give(others, all[i]);
    dbc_pool_destroy(others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_stored_as_they_are_and_at_once),
        cmocka_unit_test(answers_are_whole),
        cmocka_unit_test(a_transaction_is_whole),
        cmocka_unit_test(an_idle_connection_keeps_no_transaction_open),
        cmocka_unit_test(a_server_that_keeps_few_statements_is_enough),
        cmocka_unit_test(who_cannot_connect_waits_for_one_that_is_given_back),
        cmocka_unit_test(who_finds_all_room_taken_waits_until_the_deadline_and_no_longer),
        cmocka_unit_test(who_has_none_at_all_asks_again_until_there_is_room),
        cmocka_unit_test(the_pool_grows_again_once_there_is_more_room),
        cmocka_unit_test(a_server_that_is_back_and_full_is_back),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
