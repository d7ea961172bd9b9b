/* dbc_test.c - the pool, statements and transactions over a private MariaDB, whole and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "test/contract/contract.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"

static const char SQL_INSERT[] = "INSERT INTO t (id, name, n, at) VALUES (?, ?, ?, ?)";
static const char SQL_FIND[] = "SELECT id, name, n, at FROM t WHERE id = ?";
static const char SQL_COUNT[] = "SELECT COUNT(*) FROM t WHERE name = ?";
static const char SQL_ID[] = "SELECT CONNECTION_ID()";
static const char SQL_KILL[] = "KILL ?";
static const char SQL_ALIVE[] = "SELECT COUNT(*) FROM information_schema.processlist WHERE id = ?";

enum { PATIENCE_MS = 30000 };

struct fixture {
    struct mariadb_server server;
    struct metrics *metrics;
    struct dbc_config config;
    struct dbc_pool *pool, *admin; /* admin: for what is done to the other */
    struct transactor *transactor;
};

static int set_up(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

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
    f->config.metrics = f->metrics;
    f->pool = dbc_pool_create(&f->config, &CLOCK_SYSTEM);
    f->transactor = dbc_transactor_create(f->pool);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    f->transactor->ops->destroy(f->transactor);
    dbc_pool_destroy(f->pool);
    dbc_pool_destroy(f->admin);
    metrics_destroy(f->metrics);
    mariadb_server_fini(&f->server);
    free(f);
    return 0;
}

static struct dbc_conn *taken(struct fixture *f)
{
    struct call call = contract_call();
    struct dbc_conn *conn = NULL;

    assert_status(ST_OK, dbc_take(f->pool, &call, &conn));
    return conn;
}

static enum status insert(struct dbc_conn *conn, const struct call *call, struct uuid id,
                          const char *name, int64_t n, int64_t at_us)
{
    struct dbc_stmt *s = dbc_prepare(conn, SQL_INSERT);

    dbc_bind_uuid(s, id);
    dbc_bind_text(s, name);
    dbc_bind_int(s, n);
    dbc_bind_time(s, at_us);
    return dbc_done(s, dbc_execute(s, call));
}

static int64_t select_int(struct fixture *f, struct dbc_conn *conn, const char *sql,
                          const char *arg)
{
    struct dbc_conn *mine = conn ? conn : taken(f);
    struct dbc_stmt *s = dbc_prepare(mine, sql);
    struct call call = contract_call();
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

/* Returns when it is gone: KILL itself only asks. */
static void kill_conn(struct fixture *f, int64_t id)
{
    struct call call = contract_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t left = 1;

    assert_status(ST_OK, dbc_take(f->admin, &call, &conn));
    s = dbc_prepare(conn, SQL_KILL);
    dbc_bind_int(s, id);
    assert_status(ST_OK, dbc_done(s, dbc_execute(s, &call)));
    while (left > 0) {
        s = dbc_prepare(conn, SQL_ALIVE);
        dbc_bind_int(s, id);
        assert_status(ST_OK, dbc_execute(s, &call));
        assert_true(dbc_next(s));
        dbc_col_int(s, &left);
        assert_status(ST_OK, dbc_done(s, ST_OK));
    }
    dbc_give(f->admin, conn);
}

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
    struct dbc_conn *conn = taken(*state);
    struct call call = contract_call();

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct uuid id = contract_uuid(), read_id;
        char name[64];
        int64_t n, at_us;
        struct dbc_stmt *s;
        assert_status(ST_OK, insert(conn, &call, id, cases[i].name, cases[i].n, cases[i].at_us));
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
    dbc_give(((struct fixture *)*state)->pool, conn);
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
        if (select_int(*state, NULL, TRUE_OF_A_SESSION[i], NULL) != 1)
            fail_msg("not true: %s", TRUE_OF_A_SESSION[i]);
}

static void a_column_longer_than_its_field_is_an_error_not_a_cut(void **state)
{
    struct dbc_conn *conn = taken(*state);
    struct call call = contract_call();
    struct uuid id = contract_uuid(), read_id;
    struct dbc_stmt *s;
    char name[4] = "old";

    assert_status(ST_OK, insert(conn, &call, id, "four", 1, 0));
    s = dbc_prepare(conn, SQL_FIND);
    dbc_bind_uuid(s, id);
    assert_status(ST_OK, dbc_execute(s, &call));
    assert_true(dbc_next(s));
    dbc_col_uuid(s, &read_id);
    dbc_col_text(s, name, sizeof(name));
    assert_string_equal("", name);
    assert_status(ST_INTERNAL, dbc_done(s, ST_OK));
    dbc_give(((struct fixture *)*state)->pool, conn);
}

static void a_value_too_long_for_its_column_is_refused(void **state)
{
    struct dbc_conn *conn = taken(*state);
    struct call call = contract_call();

    assert_status(ST_INTERNAL,
                  insert(conn, &call, contract_uuid(), "more than twenty characters", 1, 0));
    assert_status(ST_OK, insert(conn, &call, contract_uuid(), "twenty characters", 1, 0));
    dbc_give(((struct fixture *)*state)->pool, conn);
}

static void a_conflict_names_its_key_whatever_the_value(void **state)
{
    static const char *const NAMES[] = {"twice", "for key 'x'", "a.b'", "'"};
    struct dbc_conn *conn = taken(*state);
    struct call call = contract_call();

    for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
        struct dbc_stmt *s;
        struct uuid id = contract_uuid();
        assert_status(ST_OK, insert(conn, &call, id, NAMES[i], 1, 0));
        s = dbc_prepare(conn, SQL_INSERT);
        dbc_bind_uuid(s, contract_uuid());
        dbc_bind_text(s, NAMES[i]);
        dbc_bind_int(s, 1);
        dbc_bind_time(s, 0);
        assert_status(ST_CONFLICT, dbc_execute(s, &call));
        assert_string_equal("t_name", dbc_conflict_key(s));
        assert_status(ST_CONFLICT, dbc_done(s, ST_CONFLICT));
    }
    dbc_give(((struct fixture *)*state)->pool, conn);
}

static void a_statement_too_slow_is_given_up_by_the_server(void **state)
{
    struct fixture *f = *state;
    struct dbc_config config = f->config;
    struct call call = contract_call();
    struct dbc_conn *conn = NULL;
    struct dbc_pool *pool;
    struct dbc_stmt *s;

    config.statement_timeout_s = 1;
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    assert_status(ST_OK, dbc_take(pool, &call, &conn));
    s = dbc_prepare(conn, "SELECT SLEEP(30)");
    assert_status(ST_UNAVAILABLE, dbc_done(s, dbc_execute(s, &call)));
    assert_int_equal(1, select_int(f, conn, "SELECT 1", NULL)); /* and goes on */
    dbc_give(pool, conn);
    dbc_pool_destroy(pool);
}

static void work_whose_time_is_over_is_not_begun(void **state)
{
    struct dbc_conn *conn = taken(*state);
    struct call call = contract_call();

    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) - 1;
    assert_status(ST_UNAVAILABLE, insert(conn, &call, contract_uuid(), "too late", 1, 0));
    assert_int_equal(0, select_int(*state, conn, SQL_COUNT, "too late"));
    dbc_give(((struct fixture *)*state)->pool, conn);
}

static void who_finds_no_connection_free_is_told_at_the_deadline(void **state)
{
    struct fixture *f = *state;
    struct dbc_conn *all[4], *none = NULL;
    struct call call = contract_call();

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        all[i] = taken(f);
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
    struct fixture *f;
    enum status ends[CONTRACT_THREADS_MAX];
};

static void take_often(void *arg, int i)
{
    struct waiters *waiters = arg;
    struct call call = contract_call();

    for (int k = 0; k < 50 && waiters->ends[i] == ST_OK; k++) {
        struct dbc_conn *conn = NULL;
        waiters->ends[i] = dbc_take(waiters->f->pool, &call, &conn);
        dbc_give(waiters->f->pool, conn);
    }
}

static void more_threads_than_connections_take_turns(void **state)
{
    struct waiters waiters = {.f = *state};

    contract_race(CONTRACT_THREADS_MAX, take_often, &waiters);
    for (int i = 0; i < CONTRACT_THREADS_MAX; i++)
        assert_status(ST_OK, waiters.ends[i]);
}

static void idle_connections_that_were_killed_are_replaced_unseen(void **state)
{
    struct fixture *f = *state;
    struct dbc_conn *both[2] = {taken(f), taken(f)};
    int64_t ids[2];

    for (size_t i = 0; i < ARRAY_LEN(both); i++)
        ids[i] = select_int(f, both[i], SQL_ID, NULL);
    dbc_give(f->pool, both[0]);
    dbc_give(f->pool, both[1]);
    kill_conn(f, ids[0]);
    kill_conn(f, ids[1]);
    for (int i = 0; i < 8; i++)
        assert_int_equal(1, select_int(f, NULL, "SELECT 1", NULL));
}

/* A transaction body whose connection is killed, on its first run only. */
struct killed {
    struct fixture *f;
    struct uuid id;
    char name[20];
    bool before_insert, after_insert, each_time;
    int runs;
};

static void kill_own(struct killed *k, struct transaction *tx)
{
    if (k->runs == 1 || k->each_time)
        kill_conn(k->f, select_int(k->f, dbc_tx_conn(tx), SQL_ID, NULL));
}

static enum status insert_killed(struct transaction *tx, const struct call *call, void *arg)
{
    struct killed *k = arg;
    enum status st;

    k->runs++;
    if (k->before_insert)
        kill_own(k, tx);
    st = insert(dbc_tx_conn(tx), call, k->id, k->name, 1, 0);
    if (st == ST_OK && k->after_insert)
        kill_own(k, tx);
    return st;
}

static struct killed new_killed(struct fixture *f)
{
    struct killed k = {.f = f, .id = contract_uuid()};

    contract_name("killed", k.name, sizeof(k.name));
    return k;
}

static void a_transaction_that_loses_its_connection_is_done_again(void **state)
{
    struct fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = contract_call();

    k.before_insert = true;
    assert_status(ST_OK, transactor_run(f->transactor, &call, insert_killed, &k));
    assert_int_equal(2, k.runs);
    assert_int_equal(1, select_int(f, NULL, SQL_COUNT, k.name));
}

static void a_transaction_that_always_loses_it_ends_and_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = contract_call();

    k.before_insert = k.each_time = true;
    assert_status(ST_UNAVAILABLE, transactor_run(f->transactor, &call, insert_killed, &k));
    assert_in_range(k.runs, 2, 10);
    assert_int_equal(0, select_int(f, NULL, SQL_COUNT, k.name));
}

static void a_connection_lost_on_commit_is_uncertain_and_not_done_again(void **state)
{
    struct fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = contract_call();

    k.after_insert = true;
    assert_status(ST_UNCERTAIN, transactor_run(f->transactor, &call, insert_killed, &k));
    assert_int_equal(1, k.runs);
    assert_int_equal(0, select_int(f, NULL, SQL_COUNT, k.name)); /* this time it had not */
}

static enum status ignore_a_refusal(struct transaction *tx, const struct call *call, void *arg)
{
    struct killed *k = arg;

    k->runs++;
    (void)insert(dbc_tx_conn(tx), call, contract_uuid(), "more than twenty characters", 1, 0);
    (void)insert(dbc_tx_conn(tx), call, k->id, k->name, 1, 0);
    return ST_OK;
}

static void a_body_that_ignores_an_error_is_not_committed(void **state)
{
    struct fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = contract_call();

    assert_status(ST_INTERNAL, transactor_run(f->transactor, &call, ignore_a_refusal, &k));
    assert_int_equal(1, k.runs);
    assert_int_equal(0, select_int(f, NULL, SQL_COUNT, k.name));
}

static void wait_until_back(struct fixture *f)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    struct call call = contract_call();
    const char *why = NULL;

    while (dbc_ping(f->pool, &call, &why) != ST_OK) {
        if (clock_now_ms(&CLOCK_SYSTEM) > until_ms)
            fail_msg("still away: %s", why);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

static void a_database_that_went_away_is_reported_and_found_again(void **state)
{
    struct fixture *f = *state;
    void (*const ends[])(struct mariadb_server *) = {mariadb_server_stop, mariadb_server_kill};

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct dbc_conn *conn = taken(f);
        struct call call = contract_call();
        const char *why = "";
        assert_status(ST_OK, insert(conn, &call, contract_uuid(), NULL, 1, 0));
        ends[i](&f->server);
        assert_status(ST_UNCERTAIN, insert(conn, &call, contract_uuid(), NULL, 1, 0));
        dbc_give(f->pool, conn);
        assert_status(ST_UNAVAILABLE, dbc_ping(f->pool, &call, &why));
        assert_non_null(strstr(why, f->server.socket));
        assert_true(mariadb_server_start(&f->server));
        wait_until_back(f);
    }
}

/* Without the pool's memory each would wait out the connect time-out of two seconds. */
static void a_frozen_database_holds_up_few(void **state)
{
    struct fixture *f = *state;
    struct dbc_pool *pool = dbc_pool_create(&f->config, &CLOCK_SYSTEM);
    int64_t start_ms = clock_now_ms(&CLOCK_SYSTEM);
    struct call call = contract_call();

    mariadb_server_freeze(&f->server);
    for (int i = 0; i < 1000; i++) {
        struct dbc_conn *conn = NULL;
        assert_status(ST_UNAVAILABLE, dbc_take(pool, &call, &conn));
    }
    mariadb_server_thaw(&f->server);
    assert_in_range(clock_now_ms(&CLOCK_SYSTEM) - start_ms, 0, 60000);
    dbc_pool_destroy(pool);
    wait_until_back(f);
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
        cmocka_unit_test(more_threads_than_connections_take_turns),
        cmocka_unit_test(idle_connections_that_were_killed_are_replaced_unseen),
        cmocka_unit_test(a_transaction_that_loses_its_connection_is_done_again),
        cmocka_unit_test(a_transaction_that_always_loses_it_ends_and_leaves_nothing),
        cmocka_unit_test(a_connection_lost_on_commit_is_uncertain_and_not_done_again),
        cmocka_unit_test(a_body_that_ignores_an_error_is_not_committed),
        cmocka_unit_test(a_database_that_went_away_is_reported_and_found_again),
        cmocka_unit_test(a_frozen_database_holds_up_few),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
