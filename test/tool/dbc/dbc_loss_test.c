/* dbc_loss_test.c - connections and servers that go away under the pool and its transactions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "test/tool/dbc/dbc_fixture.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"

static const char SQL_ID[] = "SELECT CONNECTION_ID()";
static const char SQL_KILL[] = "KILL ?";
static const char SQL_ALIVE[] = "SELECT COUNT(*) FROM information_schema.processlist WHERE id = ?";

enum { PATIENCE_MS = 120000 };

/* Returns when it is gone: KILL itself only asks. */
static void kill_conn(struct dbc_fixture *f, int64_t id)
{
    struct call call = test_call();
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

static void idle_connections_that_were_killed_are_replaced_unseen(void **state)
{
    struct dbc_fixture *f = *state;
    struct dbc_conn *both[2] = {dbc_taken(f), dbc_taken(f)};
    int64_t ids[2];

    for (size_t i = 0; i < ARRAY_LEN(both); i++)
        ids[i] = dbc_select_int(f, both[i], SQL_ID, NULL);
    dbc_give(f->pool, both[0]);
    dbc_give(f->pool, both[1]);
    kill_conn(f, ids[0]);
    kill_conn(f, ids[1]);
    for (int i = 0; i < 8; i++)
        assert_int_equal(1, dbc_select_int(f, NULL, "SELECT 1", NULL));
}

/* A transaction body whose connection is killed, on its first run only. */
struct killed {
    struct dbc_fixture *f;
    struct uuid id;
    char name[20];
    bool before_insert, after_insert, each_time;
    int runs;
};

static void kill_own(struct killed *k, struct transaction *tx)
{
    if (k->runs == 1 || k->each_time)
        kill_conn(k->f, dbc_select_int(k->f, dbc_tx_conn(tx), SQL_ID, NULL));
}

static enum status insert_killed(struct transaction *tx, const struct call *call, void *arg)
{
    struct killed *k = arg;
    enum status st;

    k->runs++;
    if (k->before_insert)
        kill_own(k, tx);
    st = dbc_insert_row(dbc_tx_conn(tx), call, k->id, k->name, 1, 0);
    if (st == ST_OK && k->after_insert)
        kill_own(k, tx);
    return st;
}

static struct killed new_killed(struct dbc_fixture *f)
{
    struct killed k = {.f = f, .id = test_uuid()};

    test_name("killed", k.name, sizeof(k.name));
    return k;
}

static void a_transaction_that_loses_its_connection_is_done_again(void **state)
{
    struct dbc_fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = test_call();

    k.before_insert = true;
    assert_status(ST_OK, transactor_run(f->transactor, &call, insert_killed, &k));
    assert_int_equal(2, k.runs);
    assert_int_equal(1, dbc_count_rows(f, NULL, k.name));
}

static void a_transaction_that_always_loses_it_ends_and_leaves_nothing(void **state)
{
    struct dbc_fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = test_call();

    k.before_insert = k.each_time = true;
    assert_status(ST_UNAVAILABLE, transactor_run(f->transactor, &call, insert_killed, &k));
    assert_in_range(k.runs, 2, 10);
    assert_int_equal(0, dbc_count_rows(f, NULL, k.name));
}

static void a_connection_lost_on_commit_is_uncertain_and_not_done_again(void **state)
{
    struct dbc_fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = test_call();

    k.after_insert = true;
    assert_status(ST_UNCERTAIN, transactor_run(f->transactor, &call, insert_killed, &k));
    assert_int_equal(1, k.runs);
    assert_int_equal(0, dbc_count_rows(f, NULL, k.name)); /* this time it had not */
}

static enum status ignore_a_refusal(struct transaction *tx, const struct call *call, void *arg)
{
    struct killed *k = arg;

    k->runs++;
    (void)dbc_insert_row(dbc_tx_conn(tx), call, test_uuid(), "more than twenty characters", 1, 0);
    (void)dbc_insert_row(dbc_tx_conn(tx), call, k->id, k->name, 1, 0);
    return ST_OK;
}

static void a_body_that_ignores_an_error_is_not_committed(void **state)
{
    struct dbc_fixture *f = *state;
    struct killed k = new_killed(f);
    struct call call = test_call();

    assert_status(ST_INTERNAL, transactor_run(f->transactor, &call, ignore_a_refusal, &k));
    assert_int_equal(1, k.runs);
    assert_int_equal(0, dbc_count_rows(f, NULL, k.name));
}

static void wait_until_back(struct dbc_fixture *f)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    struct call call = test_call();
    const char *why = NULL;

    while (dbc_ping(f->pool, &call, &why) != ST_OK) {
        if (clock_now_ms(&CLOCK_SYSTEM) > until_ms)
            fail_msg("still away: %s", why);
        nanosleep(&pause, NULL); /* lint: allow sleep of the test */
    }
}

static void a_database_that_went_away_is_reported_and_found_again(void **state)
{
    struct dbc_fixture *f = *state;
    void (*const ends[])(struct mariadb_server *) = {mariadb_server_stop, mariadb_server_kill};

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        struct dbc_conn *conn = dbc_taken(f);
        struct call call = test_call();
        const char *why = "";
        assert_status(ST_OK, dbc_insert_row(conn, &call, test_uuid(), NULL, 1, 0));
        ends[i](&f->server);
        assert_status(ST_UNCERTAIN, dbc_insert_row(conn, &call, test_uuid(), NULL, 1, 0));
        dbc_give(f->pool, conn);
        assert_status(ST_UNAVAILABLE, dbc_ping(f->pool, &call, &why));
        assert_non_null(strstr(why, f->config.socket ? f->config.socket : f->config.host));
        assert_true(mariadb_server_start(&f->server));
        wait_until_back(f);
    }
}

struct crowd {
    struct dbc_fixture *f;
    struct dbc_pool *pool;  /* of one connection, */
    struct dbc_conn *taken; /* which is taken */
    atomic_int arrived;
    enum status ends[TEST_THREADS_MAX];
};

/* Once the others wait for its connection, or nearly so. */
static void take_away(struct crowd *crowd)
{
    const struct timespec moment = {.tv_nsec = 100000000};

    while (crowd->arrived < TEST_THREADS_MAX - 1)
        sched_yield();
    nanosleep(&moment, NULL); /* lint: allow sleep of the test; no verdict depends on it */
    mariadb_server_kill(&crowd->f->server);
    dbc_give(crowd->pool, crowd->taken);
}

static enum status wait_in_vain(struct crowd *crowd)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    enum status st;

    call.deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS / 2;
    atomic_fetch_add(&crowd->arrived, 1);
    st = dbc_take(crowd->pool, &call, &conn);
    dbc_give(crowd->pool, conn);
    return st;
}

static void be_one_of_a_crowd(void *arg, int i)
{
    struct crowd *crowd = arg;

    if (i == 0)
        take_away(crowd);
    else
        crowd->ends[i] = wait_in_vain(crowd);
}

static void all_who_wait_learn_that_the_database_is_away(void **state)
{
    struct crowd crowd = {.f = *state};
    struct dbc_config config = crowd.f->config;
    struct call call = test_call();

    config.connections = 1;
    crowd.pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    assert_status(ST_OK, dbc_take(crowd.pool, &call, &crowd.taken));
    test_race(TEST_THREADS_MAX, be_one_of_a_crowd, &crowd);
    assert_true(mariadb_server_start(&crowd.f->server));
    for (size_t i = 1; i < TEST_THREADS_MAX; i++)
        assert_status(ST_UNAVAILABLE, crowd.ends[i]); /* ST_OVERLOADED: it slept to its deadline */
    dbc_pool_destroy(crowd.pool);
    wait_until_back(crowd.f);
}

/* Without the pool's memory each would wait out the connect time-out of two seconds. */
static void a_frozen_database_holds_up_few(void **state)
{
    struct dbc_fixture *f = *state;
    struct dbc_pool *pool = dbc_pool_create(&f->config, &CLOCK_SYSTEM);
    int64_t start_ms = clock_now_ms(&CLOCK_SYSTEM);
    struct call call = test_call();

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
        cmocka_unit_test(idle_connections_that_were_killed_are_replaced_unseen),
        cmocka_unit_test(a_transaction_that_loses_its_connection_is_done_again),
        cmocka_unit_test(a_transaction_that_always_loses_it_ends_and_leaves_nothing),
        cmocka_unit_test(a_connection_lost_on_commit_is_uncertain_and_not_done_again),
        cmocka_unit_test(a_body_that_ignores_an_error_is_not_committed),
        cmocka_unit_test(a_database_that_went_away_is_reported_and_found_again),
        cmocka_unit_test(all_who_wait_learn_that_the_database_is_away),
        cmocka_unit_test(a_frozen_database_holds_up_few),
    };

    return cmocka_run_group_tests(tests, dbc_fixture_set_up, dbc_fixture_tear_down) +
           cmocka_run_group_tests_name("over TLS", tests, dbc_fixture_set_up_tls,
                                       dbc_fixture_tear_down);
}
