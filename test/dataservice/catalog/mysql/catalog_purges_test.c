/* catalog_purges_test.c - holds that were let go long ago are forgotten, with all that hangs on
 * them; nothing else is. */
#include <stdio.h>

#include "dataservice/catalog/mysql/catalog_purges.h"
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/statement.h"

enum { AGE_S = 3600, BATCH = 2 };

static struct mariadb_server server;
static struct dbc_pool *pool;

/* Each has two lines and was promised two. */
static void keep_hold(int id, const char *state, const char *updated_at)
{
    char sql[1024];

    snprintf(
        sql, sizeof(sql),
        "INSERT INTO hanok_catalog.hold VALUES (LPAD(CHAR(%d), 16, 'h'), 'order', LPAD('o', 16, "
        "'o'),"
        " '%s', NOW() - INTERVAL 2 HOUR, NOW() - INTERVAL 2 HOUR, 2, NOW() - INTERVAL 3 HOUR, %s)",
        id, state, updated_at);
    assert_true(mariadb_server_sql(&server, sql));
    for (int line = 0; line < 2; line++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO hanok_catalog.hold_line VALUES (LPAD(CHAR(%d), 16, 'h'),"
                 " LPAD(CHAR(%d), 16, 's'), 1)",
                 id, line + 1);
        assert_true(mariadb_server_sql(&server, sql));
        snprintf(sql, sizeof(sql),
                 "INSERT INTO hanok_catalog.reserved_line VALUES (LPAD(CHAR(%d), 16, 'r'),"
                 " LPAD(CHAR(%d), 16, 'h'), %d, LPAD('p', 16, 'p'), 'Bibimbap', 1, 12900, 'KRW')",
                 2 * id + line, id, line);
        assert_true(mariadb_server_sql(&server, sql));
    }
}

static int64_t count(const char *sql)
{
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
    return n;
}

static size_t purge(void)
{
    struct call call = test_call();
    size_t n;

    assert_status(ST_OK, dbc_purge(pool, CATALOG_PURGES[0].sql, &call, AGE_S, BATCH, &n));
    return n;
}

static void what_was_let_go_long_ago_is_forgotten(void **state)
{
    static const char OLD[] = "NOW() - INTERVAL 2 HOUR";

    (void)state;
    for (int id = 1; id <= 3; id++)
        keep_hold(id, "RELEASED", OLD);
    keep_hold(4, "RELEASED", "NOW()");
    keep_hold(5, "COMMITTED", OLD);
    keep_hold(6, "HELD", OLD);
    assert_int_equal(purge(), 2 * 5); /* a hold, its two lines, the two that were promised */
    assert_int_equal(count("SELECT COUNT(*) FROM hold"), 4);
    assert_int_equal(purge(), 5);
    assert_int_equal(purge(), 0);
    assert_int_equal(count("SELECT COUNT(*) FROM hold WHERE id >= LPAD(CHAR(4), 16, 'h')"), 3);
    assert_int_equal(count("SELECT COUNT(*) FROM hold"), 3);
    assert_int_equal(count("SELECT COUNT(*) FROM hold_line"), 6);
    assert_int_equal(count("SELECT COUNT(*) FROM reserved_line"), 6);
    assert_int_equal(count("SELECT COUNT(*) FROM hold_line WHERE hold_id IN (SELECT id FROM hold)"),
                     6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_let_go_long_ago_is_forgotten)};
    struct dbc_config config;
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_catalog", "dataservice/migrations/catalog")) {
        config = mariadb_server_config(&server, "hanok_catalog", 1);
        pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
        failed = cmocka_run_group_tests(tests, NULL, NULL);
        dbc_pool_destroy(pool);
    }
    mariadb_server_fini(&server);
    return failed;
}
