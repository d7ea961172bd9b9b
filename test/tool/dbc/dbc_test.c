/* dbc_test.c - the pool and its statements over a private MariaDB. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "test/tool/dbc/dbc_fixture.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/reading.h"

static const char SQL_INSERT[] = "INSERT INTO t (id, name, n, at) VALUES (?, ?, ?, ?)";
static const char SQL_FIND[] = "SELECT id, name, n, at FROM t WHERE id = ?";

static void values_come_back_as_they_went(void **state)
{
    static const struct {
        const char *name; /* as read; NULL is read as "" */
        int64_t n, at_us;
    } cases[] = {
        {"plain",                 1,         1700000000123456  },
        {"it's \"quoted\" \\ %?", -1,        0                 },
        {"김한옥 🏠",        INT64_MAX, 253402300799999999},
        {"",                      INT64_MIN, 1                 },
        {NULL,                    0,         951825599000000   },
    };
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct uuid id = test_uuid(), read_id;
        char name[64];
        int64_t n, at_us;
        struct dbc_stmt *s;
        assert_status(ST_OK,
                      dbc_insert_row(conn, &call, id, cases[i].name, cases[i].n, cases[i].at_us));
        s = dbc_prepare(conn, SQL_FIND);
        dbc_bind_uuid(s, id);
        assert_status(ST_OK, dbc_execute(s, &call));
        assert_true(dbc_next(s));
        dbc_col_uuid(s, &read_id);
        dbc_col_text(s, name, sizeof(name));
        dbc_col_int(s, &n);
        dbc_col_time(s, &at_us);
        assert_false(dbc_next(s));
        assert_status(ST_OK, dbc_done(s, ST_OK));
        assert_true(uuid_equal(id, read_id));
        assert_string_equal(cases[i].name ? cases[i].name : "", name);
        assert_int_equal(cases[i].n, n);
        assert_int_equal(cases[i].at_us, at_us);
    }
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_session_is_strict_and_in_utc(void **state)
{
    static const char *const TRUE_OF_A_SESSION[] = {
        "SELECT @@time_zone = '+00:00'",
        "SELECT @@sql_mode LIKE '%STRICT_ALL_TABLES%'",
        "SELECT @@tx_isolation = 'READ-COMMITTED'",
        "SELECT @@character_set_client = 'utf8mb4'",
        "SELECT @@max_statement_time = 4",
        "SELECT @@innodb_lock_wait_timeout = 2",
        "SELECT @@autocommit = 1",
    };

    for (size_t i = 0; i < ARRAY_LEN(TRUE_OF_A_SESSION); i++)
        if (dbc_select_int(*state, NULL, TRUE_OF_A_SESSION[i], NULL) != 1)
            fail_msg("not true: %s", TRUE_OF_A_SESSION[i]);
}

static void a_column_longer_than_its_field_is_an_error_not_a_cut(void **state)
{
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();
    struct uuid id = test_uuid(), read_id;
    struct dbc_stmt *s;
    char name[4] = "old";

    assert_status(ST_OK, dbc_insert_row(conn, &call, id, "four", 1, 0));
    s = dbc_prepare(conn, SQL_FIND);
    dbc_bind_uuid(s, id);
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_uuid(s, &read_id);
    dbc_col_text(s, name, sizeof(name));
    assert_string_equal("", name);
    assert_status(ST_INTERNAL, dbc_done(s, ST_OK));
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_value_too_long_for_its_column_is_refused(void **state)
{
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();

    assert_status(ST_INTERNAL,
                  dbc_insert_row(conn, &call, test_uuid(), "more than twenty characters", 1, 0));
    assert_status(ST_OK, dbc_insert_row(conn, &call, test_uuid(), "twenty characters", 1, 0));
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_conflict_names_its_key_whatever_the_value(void **state)
{
    static const char *const NAMES[] = {"twice", "for key 'x'", "a.b'", "'"};
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();

    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        struct dbc_stmt *s;
        struct uuid id = test_uuid();
        assert_status(ST_OK, dbc_insert_row(conn, &call, id, NAMES[i], 1, 0));
        s = dbc_prepare(conn, SQL_INSERT);
        dbc_bind_uuid(s, test_uuid());
        dbc_bind_text(s, NAMES[i]);
        dbc_bind_int(s, 1);
        dbc_bind_time(s, 0);
        assert_status(ST_CONFLICT, dbc_execute(s, &call));
        assert_string_equal("t_name", dbc_conflict_key(s));
        assert_status(ST_CONFLICT, dbc_done(s, ST_CONFLICT));
    }
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void a_statement_too_slow_is_given_up_by_the_server(void **state)
{
    struct dbc_fixture *f = *state;
    struct dbc_config config = f->config;
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_pool *pool;
    struct dbc_stmt *s;

    config.statement_timeout_s = 1;
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    assert_status(ST_OK, dbc_take(pool, &call, &conn));
    s = dbc_prepare(conn, "SELECT SLEEP(30)");
    assert_status(ST_UNAVAILABLE, dbc_done(s, dbc_execute(s, &call)));
    assert_int_equal(1, dbc_select_int(f, conn, "SELECT 1", NULL)); /* and goes on */
    dbc_give(pool, conn);
    dbc_pool_destroy(pool);
}

static void work_whose_time_is_over_is_not_begun(void **state)
{
    struct dbc_conn *conn = dbc_taken(*state);
    struct call call = test_call();

    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) - 1;
    assert_status(ST_UNAVAILABLE, dbc_insert_row(conn, &call, test_uuid(), "too late", 1, 0));
    assert_int_equal(0, dbc_count_rows(*state, conn, "too late"));
    dbc_give(((struct dbc_fixture *)*state)->pool, conn);
}

static void who_finds_no_connection_free_is_told_at_the_deadline(void **state)
{
    struct dbc_fixture *f = *state;
    struct dbc_conn *all[4], *none = NULL;
    struct call call = test_call();

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        all[i] = dbc_taken(f);
    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 50;
    assert_status(ST_OVERLOADED, dbc_take(f->pool, &call, &none));
    assert_null(none);
    assert_true(call_expired(&call));
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        dbc_give(f->pool, all[i]);
    assert_int_equal(
        4, metric_value(metrics_gauge(f->metrics, "hanok_db_connections", "", "state=\"idle\"")));
    assert_int_equal(
        0, metric_value(metrics_gauge(f->metrics, "hanok_db_connections", "", "state=\"busy\"")));
}

struct waiters {
    struct dbc_fixture *f;
    enum status ends[TEST_THREADS_MAX];
};

static void take_often(void *arg, int i)
{
    struct waiters *waiters = arg;
    struct call call = test_call();

    for (int k = 0; k < 50 && waiters->ends[i] == ST_OK; k++) {
        struct dbc_conn *conn = NULL;
        waiters->ends[i] = dbc_take(waiters->f->pool, &call, &conn);
        dbc_give(waiters->f->pool, conn);
    }
}

static void more_threads_than_connections_take_turns(void **state)
{
    struct waiters waiters = {.f = *state};

    test_race(TEST_THREADS_MAX, take_often, &waiters);
    for (int i = 0; i < TEST_THREADS_MAX; i++)
        assert_status(ST_OK, waiters.ends[i]);
}

struct late_clock {
    struct clock base;
    int64_t late_ms;
};

static int64_t late_now_ms(const struct clock *base)
{
    return clock_now_ms(&CLOCK_SYSTEM) + container_of(base, const struct late_clock, base)->late_ms;
}

static void connections_that_nobody_needs_any_more_are_closed(void **state)
{
    enum { MOST = 4, MINUTES_MS = 61 * 1000 };
    struct dbc_fixture *f = *state;
    struct late_clock clock = {.base = {.now_ms = late_now_ms}};
    struct metrics *metrics = metrics_create();
    struct dbc_config config = mariadb_server_config(&f->server, "dbc", MOST);
    struct dbc_pool *pool;
    struct dbc_conn *all[MOST];
    struct metric *idle;
    struct call call = test_call();
    const char *why;

    config.metrics = metrics;
    pool = dbc_pool_create(&config, &clock.base);
    idle = metrics_gauge(metrics, "hanok_db_connections", "Connections to the database.",
                         "state=\"idle\"");
    for (int round = 0; round < 2; round++) { /* who is needed again is there again */
        for (size_t i = 0; i < MOST; i++)
            assert_status(ST_OK, dbc_take(pool, &call, &all[i]));
        for (size_t i = 0; i < MOST; i++)
            dbc_give(pool, all[i]);
        assert_status(ST_OK, dbc_ping(pool, &call, &why));
        assert_int_equal(metric_value(idle), MOST); /* used just now */
        clock.late_ms += MINUTES_MS;
        assert_status(ST_OK, dbc_ping(pool, &call, &why));
        assert_int_equal(metric_value(idle), 1); /* the ping's own */
    }
    assert_int_equal(dbc_opened(pool), 2 * MOST - 1);
    dbc_pool_destroy(pool);
    metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_went),
        cmocka_unit_test(a_session_is_strict_and_in_utc),
        cmocka_unit_test(a_column_longer_than_its_field_is_an_error_not_a_cut),
        cmocka_unit_test(a_value_too_long_for_its_column_is_refused),
        cmocka_unit_test(a_conflict_names_its_key_whatever_the_value),
        cmocka_unit_test(a_statement_too_slow_is_given_up_by_the_server),
        cmocka_unit_test(work_whose_time_is_over_is_not_begun),
        cmocka_unit_test(who_finds_no_connection_free_is_told_at_the_deadline),
        cmocka_unit_test(connections_that_nobody_needs_any_more_are_closed),
        cmocka_unit_test(more_threads_than_connections_take_turns),
    };

    return cmocka_run_group_tests(tests, dbc_fixture_set_up, dbc_fixture_tear_down);
}
