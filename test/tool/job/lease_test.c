/* What every lease does, over memory and over MariaDB. */
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>

#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/transactor.h"
#include "tool/job/memory/lease_memory.h"
#include "tool/job/mysql/lease_mysql.h"

enum { LONG_MS = 3600 * 1000, RACERS = 8 };

struct fixture {
    struct lease *lease;
    struct transactor *transactor;
    struct memdb *memory; /* one of the two */
    struct dbc_pool *mariadb;
    struct test_clock clock; /* of the one in memory */
};

static enum status take(struct fixture *f, const char *name, int64_t lease_ms, int64_t *fence,
                        int64_t *wait_ms)
{
    struct call call = test_call();

    return f->lease->ops->take(f->lease, &call, name, test_uuid(), lease_ms, fence, wait_ms);
}

static enum status give(struct fixture *f, const char *name, int64_t fence, int64_t next_ms)
{
    struct call call = test_call();

    return f->lease->ops->give(f->lease, &call, name, fence, next_ms);
}

static void what_is_taken_is_another_s_until_given_back(void **state)
{
    int64_t fence = 0, later = 0, wait_ms = 0;
    struct fixture *f = *state;
    char name[32];

    test_name("job", name, sizeof(name));
    assert_status(ST_OK, take(f, name, LONG_MS, &fence, &wait_ms));
    assert_status(ST_CONFLICT, take(f, name, LONG_MS, &later, &wait_ms));
    assert_true(wait_ms > LONG_MS / 2 && wait_ms <= LONG_MS && later == 0);
    assert_status(ST_OK, give(f, name, fence, 0));
    assert_status(ST_OK, take(f, name, LONG_MS, &later, &wait_ms));
    assert_true(later > fence);
}

static void given_back_it_is_not_due_before_its_time(void **state)
{
    int64_t fence = 0, wait_ms = 0;
    struct fixture *f = *state;
    char name[32];

    test_name("job", name, sizeof(name));
    assert_status(ST_OK, take(f, name, 1000, &fence, &wait_ms));
    assert_status(ST_OK, give(f, name, fence, LONG_MS));
    assert_status(ST_CONFLICT, take(f, name, 1000, &fence, &wait_ms));
    assert_true(wait_ms > LONG_MS / 2 && wait_ms <= LONG_MS);
}

/* Its holder is silent: it may be dead, or late. */
static void a_lease_that_is_over_is_taken_and_its_holder_learns_it(void **state)
{
    int64_t fence = 0, later = 0, wait_ms = 0;
    struct fixture *f = *state;
    enum status st;
    char name[32];

    test_name("job", name, sizeof(name));
    assert_status(ST_OK, take(f, name, 1, &fence, &wait_ms));
    while ((st = take(f, name, LONG_MS, &later, &wait_ms)) == ST_CONFLICT)
        poll(NULL, 0, (int)wait_ms);
    assert_status(ST_OK, st);
    assert_true(later > fence);
    assert_status(ST_STALE, give(f, name, fence, 0));
    assert_status(ST_OK, give(f, name, later, 0));
}

struct checking {
    struct fixture *f;
    const char *name;
    int64_t fence;
};

static enum status check_in(struct transaction *tx, const struct call *call, void *arg)
{
    const struct checking *c = arg;

    return c->f->lease->ops->check(c->f->lease, tx, call, c->name, c->fence);
}

static enum status check(struct fixture *f, const char *name, int64_t fence)
{
    struct checking c = {f, name, fence};
    struct call call = test_call();

    return transactor_run(f->transactor, &call, check_in, &c);
}

static void a_write_can_ask_whether_it_comes_late(void **state)
{
    int64_t fence = 0, later = 0, wait_ms = 0;
    struct fixture *f = *state;
    char name[32];

    test_name("job", name, sizeof(name));
    assert_status(ST_STALE, check(f, name, 1));
    assert_status(ST_OK, take(f, name, 1, &fence, &wait_ms));
    assert_status(ST_OK, check(f, name, fence)); /* over, but nobody has taken it */
    while (take(f, name, LONG_MS, &later, &wait_ms) == ST_CONFLICT)
        poll(NULL, 0, (int)wait_ms);
    assert_status(ST_STALE, check(f, name, fence));
    assert_status(ST_OK, check(f, name, later));
}

struct race {
    struct fixture *f;
    char name[32];
    atomic_int won, lost;
};

static void run_for_it(void *arg, int i)
{
    int64_t fence, wait_ms;
    struct race *race = arg;
    enum status st = take(race->f, race->name, LONG_MS, &fence, &wait_ms);

    (void)i;
    if (st == ST_OK)
        atomic_fetch_add(&race->won, 1);
    if (st == ST_CONFLICT)
        atomic_fetch_add(&race->lost, 1);
}

static void of_many_who_want_it_one_gets_it(void **state)
{
    struct race race = {.f = *state};

    test_name("job", race.name, sizeof(race.name));
    test_race(RACERS, run_for_it, &race);
    assert_int_equal(race.won, 1);
    assert_int_equal(race.lost, RACERS - 1);
}

enum { YEAR_S = 365 * 24 * 3600 };

static enum status set_forward(struct transaction *tx, const struct call *call, void *arg)
{
    struct dbc_stmt *s =
        dbc_prepare(dbc_tx_conn(tx), "UPDATE job_lease SET taken_at = taken_at + INTERVAL ? SECOND,"
                                     " free_at = free_at + INTERVAL ? SECOND");

    (void)arg;
    dbc_bind_int(s, YEAR_S);
    dbc_bind_int(s, YEAR_S);
    return dbc_done(s, dbc_execute(s, call));
}

/* By a year. To the rows it is the same whether the clock goes back or they go forward. */
static void set_clock_back(struct fixture *f)
{
    struct call call = test_call();

    f->clock.ahead_us -= YEAR_S * INT64_C(1000000);
    if (f->mariadb)
        assert_status(ST_OK, transactor_run(f->transactor, &call, set_forward, NULL));
}

static void a_clock_set_back_makes_no_lease_longer(void **state)
{
    int64_t fence = 0, later = 0, wait_ms = 0;
    struct fixture *f = *state;
    enum status st;
    char name[32];

    test_name("job", name, sizeof(name));
    assert_status(ST_OK, take(f, name, 300, &fence, &wait_ms));
    set_clock_back(f);
    while ((st = take(f, name, LONG_MS, &later, &wait_ms)) == ST_CONFLICT) {
        assert_true(wait_ms <= 300);
        poll(NULL, 0, (int)wait_ms);
    }
    assert_status(ST_OK, st);
    assert_true(later > fence);
}

static void nor_what_is_given_back_due_later(void **state)
{
    int64_t fence = 0, wait_ms = 0;
    struct fixture *f = *state;
    char name[32];

    test_name("job", name, sizeof(name));
    assert_status(ST_OK, take(f, name, 1000, &fence, &wait_ms));
    assert_status(ST_OK, give(f, name, fence, LONG_MS));
    set_clock_back(f);
    for (int i = 0; i < 2; i++) {
        assert_status(ST_CONFLICT, take(f, name, 1000, &fence, &wait_ms));
        assert_true(wait_ms > LONG_MS / 2 && wait_ms <= 2 * LONG_MS);
    }
}

/* ---- over what ---- */

static struct mariadb_server server;

static int set_up_memory(void **state)
{
    static struct fixture fixture;

    fixture.memory = memdb_create();
    fixture.clock = test_clock();
    fixture.lease = lease_memory_create(fixture.memory, &fixture.clock.base);
    fixture.transactor = memdb_transactor_create(fixture.memory);
    *state = &fixture;
    return 0;
}

static int set_up_mariadb(void **state)
{
    static struct fixture fixture;
    struct dbc_config config;

    if (!mariadb_server_init(&server, NULL) ||
        !mariadb_server_schema(&server, "hanok_user", "dataservice/migrations/user"))
        return -1;
    config = mariadb_server_config(&server, "hanok_user", RACERS);
    fixture.mariadb = dbc_pool_create(&config, &CLOCK_SYSTEM);
    fixture.lease = lease_mysql_create(fixture.mariadb);
    fixture.transactor = dbc_transactor_create(fixture.mariadb);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    f->lease->ops->destroy(f->lease);
    f->transactor->ops->destroy(f->transactor);
    dbc_pool_destroy(f->mariadb);
    memdb_destroy(f->memory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_another_s_until_given_back),
        cmocka_unit_test(given_back_it_is_not_due_before_its_time),
        cmocka_unit_test(a_lease_that_is_over_is_taken_and_its_holder_learns_it),
        cmocka_unit_test(a_write_can_ask_whether_it_comes_late),
        cmocka_unit_test(of_many_who_want_it_one_gets_it),
        cmocka_unit_test(a_clock_set_back_makes_no_lease_longer),
        cmocka_unit_test(nor_what_is_given_back_due_later),
    };
    int failed = cmocka_run_group_tests_name("memory", tests, set_up_memory, tear_down);

    failed += cmocka_run_group_tests_name("MariaDB", tests, set_up_mariadb, tear_down);
    mariadb_server_fini(&server);
    return failed;
}
