/* catalog_purges_test.c - holds that were let go long ago are forgotten, with all that hangs on
 * them, and so are those of what was sold and delivered; nothing else is, and the sums stay. */
#include <stdio.h>
#include <string.h>

#include "dataservice/catalog/catalog_tables.h"
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
static void keep_hold_of(char order, int id, const char *state, const char *looked_at,
                         const char *updated_at)
{
    char sql[1024];

    snprintf(sql, sizeof(sql),
             "INSERT INTO hanok_catalog.hold VALUES (LPAD(CHAR(%d), 16, 'h'), 'order',"
             " LPAD('%c', 16, 'o'), '%s', NOW() - INTERVAL 2 HOUR, %s, 2, NOW() - INTERVAL 3 HOUR,"
             " %s)",
             id, order, state, looked_at, updated_at);
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

static void keep_hold(int id, const char *state, const char *updated_at)
{
    keep_hold_of('o', id, state, "NOW() - INTERVAL 2 HOUR", updated_at);
}

static void keep_order(char order, const char *status)
{
    char sql[512];

    snprintf(sql, sizeof(sql),
             "INSERT INTO hanok_catalog.order_copy VALUES (LPAD('%c', 16, 'o'), LPAD('u', 16, 'u'),"
             " LPAD('s', 16, 's'), '1', '%s', '{}', 1, 'KRW', 3, NOW())",
             order, status);
    assert_true(mariadb_server_sql(&server, sql));
}

/* The two slots that each hold has a unit of. */
static void keep_slots(int sold)
{
    char sql[512];

    for (int slot = 1; slot <= 2; slot++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO hanok_catalog.slot (id, ref, total, held, sold, version) VALUES "
                 "(LPAD(CHAR(%d), 16, 's'), '%d', 100, 0, %d,"
                 " 1)",
                 slot, slot, sold);
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

enum { LET_GO, SOLD }; /* rows */

static size_t purge_row(int row, size_t max)
{
    struct call call = test_call();
    size_t n;

    assert_status(ST_OK, dbc_purge_row(pool, &CATALOG_PURGES[row], &call, AGE_S, max, &n));
    return n;
}

static size_t purge(void)
{
    return purge_row(LET_GO, BATCH);
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

static void assert_sums_hold(void)
{
    char sql[2048];

    for (const struct invariant *i = CATALOG_INVARIANTS; i->name; i++) {
        if (!strstr(i->name, "slot's counters"))
            continue;
        snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM (%s) AS wrong", i->query);
        assert_int_equal(count(sql), 0);
        return;
    }
    fail_msg("there is no invariant of a slot's counters");
}

static void what_was_sold_and_delivered_long_ago_is_kept_as_a_sum(void **state)
{
    enum { OLD_ONES = 2 * PURGE_IDS + 2, ONE_MORE = 50, RECENT, LIVING, UNKNOWN };
    static const char OLD[] = "NOW() - INTERVAL 2 HOUR";

    (void)state;
    assert_true(mariadb_server_sql(&server, "DELETE FROM hanok_catalog.hold") &&
                mariadb_server_sql(&server, "DELETE FROM hanok_catalog.hold_line") &&
                mariadb_server_sql(&server, "DELETE FROM hanok_catalog.reserved_line"));
    keep_order('d', "COMPLETED");
    keep_order('c', "CONFIRMED");
    for (int id = 1; id <= OLD_ONES; id++)
        keep_hold_of('d', id, "COMMITTED", OLD, OLD);
    keep_hold_of('d', RECENT, "COMMITTED", "NOW()", "NOW()");
    keep_hold_of('c', LIVING, "COMMITTED", OLD, OLD);
    keep_hold_of('x', UNKNOWN, "COMMITTED", OLD, OLD);
    keep_slots(OLD_ONES + 3);
    assert_sums_hold();
    assert_int_equal(purge_row(SOLD, 1), PURGE_IDS); /* a transaction's worth */
    assert_sums_hold();
    assert_int_equal(purge_row(SOLD, 1000), OLD_ONES - PURGE_IDS);
    assert_int_equal(purge_row(SOLD, 1000), 0);
    assert_sums_hold();
    assert_int_equal(count("SELECT COUNT(*) FROM hold"), 4);
    assert_int_equal(count("SELECT COUNT(*) FROM hold_line"), 8);
    assert_int_equal(count("SELECT COUNT(*) FROM reserved_line"), 6);
    assert_int_equal(
        count("SELECT CAST(SUM(units) AS INT) FROM hold_line WHERE hold_id = REPEAT(CHAR(0), 16)"),
        2 * OLD_ONES);
    keep_hold_of('d', ONE_MORE, "COMMITTED", OLD, OLD);
    assert_true(mariadb_server_sql(&server, "UPDATE hanok_catalog.slot SET sold = sold + 1"));
    assert_int_equal(purge_row(SOLD, 1000), 1);
    assert_sums_hold();
    assert_int_equal(purge_row(LET_GO, 1000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_let_go_long_ago_is_forgotten),
        cmocka_unit_test(what_was_sold_and_delivered_long_ago_is_kept_as_a_sum),
    };
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
