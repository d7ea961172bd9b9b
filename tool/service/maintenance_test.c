/* The thread that looks after a service. This file stands in for the pool's ping, and for what it
 * deletes. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/job/memory/lease_memory.h"
#include "tool/service/maintenance.h"

enum { PATIENCE_MS = 120000 };

/* A clock that jumps when told, so that hours pass in a test. */
static _Atomic int64_t ahead_ms;

static int64_t jumping_now(const struct clock *self)
{
    (void)self;
    return clock_now_ms(&CLOCK_SYSTEM) + ahead_ms;
}

static int64_t jumping_wall(const struct clock *self)
{
    return jumping_now(self) * 1000;
}

static const struct clock JUMPING = {jumping_now, jumping_wall};

static atomic_int pings, polls, censuses, message_purges, saga_purges, row_purges;
static atomic_bool database_there, unreadable_due;
static atomic_int checks, check_answer;

enum status dbc_ping(struct dbc_pool *pool, const struct call *call, const char **why)
{
    (void)pool;
    *why = "away";
    assert_false(call_expired(call));
    atomic_fetch_add(&pings, 1);
    return database_there ? ST_OK : ST_UNAVAILABLE;
}

static enum status check(void *arg, const struct call *call)
{
    assert_ptr_equal(arg, &checks);
    assert_false(call_expired(call));
    atomic_fetch_add(&checks, 1);
    return (enum status)atomic_load(&check_answer);
}

/* Nothing is due but, when told, a row that no release knows. */
static enum status claim(struct saga_store *self, const struct call *call, int64_t lease_ms,
                         size_t max, struct saga_record *out, size_t *n)
{
    (void)self;
    (void)lease_ms;
    assert_false(call_expired(call));
    *n = atomic_exchange(&unreadable_due, false);
    if (*n)
        *out = (struct saga_record){.view = {.unreadable = true}, .why = "of tomorrow"};
    atomic_fetch_add(&polls, 1);
    return max > 0 ? ST_OK : ST_INTERNAL;
}

static enum status set_aside(struct saga_store *self, const struct call *call,
                             const struct saga_record *record, int64_t wake_ms)
{
    (void)self;
    (void)call;
    return record->view.unreadable && wake_ms > 0 ? ST_OK : ST_INTERNAL;
}

static enum status census(struct saga_store *self, const struct call *call, struct saga_census *out)
{
    (void)self;
    (void)call;
    *out = (struct saga_census){
        .count = {[SAGA_COMPENSATING] = 4}, .unknown = 1, .oldest_open_ms = 7900};
    atomic_fetch_add(&censuses, 1);
    return ST_OK;
}

/* There are three batches to delete. */
static enum status purge_sagas(struct saga_store *self, const struct call *call, int64_t age_s,
                               size_t max, size_t *n)
{
    (void)self;
    (void)call;
    assert_int_equal(age_s, 86400);
    *n = atomic_fetch_add(&saga_purges, 1) < 2 ? max : 1;
    return ST_OK;
}

static enum status purge_messages(struct barrier *self, const struct call *call, int64_t age_s,
                                  size_t max, size_t *n)
{
    (void)self;
    (void)call;
    assert_int_equal(age_s, 604800);
    *n = 0;
    atomic_fetch_add(&message_purges, 1);
    return max > 0 ? ST_OK : ST_INTERNAL;
}

static const struct purge_row ROWS[] = {
    {.name = "cart_purge", .sql = "the carts"},
    {.name = "note_purge",                    .sql = "the notes"},
    {.name = NULL},
};

/* There are two batches of carts, and no notes. */
enum status dbc_purge_row(struct dbc_pool *pool, const struct purge_row *row,
                          const struct call *call, int64_t age_s, size_t max, size_t *n)
{
    (void)pool;
    assert_false(call_expired(call));
    assert_int_equal(age_s, 604800);
    *n = strcmp(row->sql, "the carts") == 0 && atomic_fetch_add(&row_purges, 1) < 2 ? max : 0;
    return ST_OK;
}

static const struct saga_store_ops STORE_OPS = {
    .claim = claim, .set_aside = set_aside, .census = census, .purge = purge_sagas};
static const struct barrier_ops BARRIER_OPS = {.purge = purge_messages};

static struct metrics *metrics;
static struct memdb *db;
static struct lease *lease;
static struct maintenance *maintenance;
static struct saga_engine *engine;

static int set_up(void **state)
{
    static struct saga_store store = {.ops = &STORE_OPS};
    static struct barrier barrier = {.ops = &BARRIER_OPS};

    (void)state;
    ahead_ms = 0;
    pings = polls = censuses = message_purges = saga_purges = row_purges = 0;
    database_there = true;
    checks = 0;
    check_answer = *state ? ST_UNAVAILABLE : ST_OK;
    metrics = metrics_create();
    db = memdb_create();
    lease = lease_memory_create(db, &JUMPING);
    engine = saga_engine_create(&(struct saga_engine_config){
        .store = &store, .clock = &JUMPING, .entropy = &ENTROPY_SYSTEM});
    maintenance = maintenance_create(&(struct maintenance_config){
        .clock = &JUMPING,
        .entropy = &ENTROPY_SYSTEM,
        .lease = lease,
        .metrics = metrics,
        .check = check,
        .arg = &checks,
        .barrier = &barrier,
        .message_retention_s = 604800,
        .purges = ROWS,
        .sagas = engine,
        .store = &store,
        .saga_retention_s = 86400,
    });
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    maintenance_destroy(maintenance);
    saga_engine_destroy(engine);
    lease->ops->destroy(lease);
    memdb_destroy(db);
    metrics_destroy(metrics);
    return 0;
}

static void wait_for_count(atomic_int *count, int at_least)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (atomic_load(count) < at_least) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        poll(NULL, 0, 1);
    }
}

/* A poll that begins after another has ended: the chore that was seen last is put off by now. */
static void let_it_settle(void)
{
    wait_for_count(&polls, polls + 2);
}

static void the_database_is_asked_at_once_and_then_sagas_are_polled(void **state)
{
    (void)state;
    wait_for_count(&polls, 2);
    assert_true(pings >= 1);
    assert_true(maintenance_database_up(maintenance));
}

static void a_database_that_is_away_is_not_polled_and_comes_back_by_itself(void **state)
{
    int seen;

    (void)state;
    wait_for_count(&polls, 1);
    database_there = false;
    wait_for_count(&pings, pings + 2); /* the second of them began after the change */
    ahead_ms = 60000;                  /* long since the last answer */
    assert_false(maintenance_database_up(maintenance));
    wait_for_count(&pings, pings + 1);
    seen = polls;
    wait_for_count(&pings, pings + 1);
    assert_int_equal(polls, seen);
    database_there = true;
    wait_for_count(&polls, seen + 1);
    assert_true(maintenance_database_up(maintenance));
}

/* This one's check does not know yet, at first. */
static void the_database_is_up_once_its_tables_are_as_described(void **state)
{
    int seen;

    (void)state;
    wait_for_count(&checks, 1);
    assert_false(maintenance_database_up(maintenance));
    ahead_ms = 2000;
    wait_for_count(&checks, 2); /* asked again */
    check_answer = ST_OK;
    ahead_ms = 4000;
    wait_for_count(&checks, checks + 1);
    wait_for_count(&pings, pings + 1);
    assert_true(maintenance_database_up(maintenance));
    seen = checks;
    ahead_ms = 8000;
    wait_for_count(&pings, pings + 2);
    assert_int_equal(seen, checks); /* once */
}

static void tables_that_are_not_as_described_are_not_asked_about_again(void **state)
{
    (void)state;
    wait_for_count(&checks, 1);
    check_answer = ST_INVALID;
    ahead_ms = 2000;
    wait_for_count(&checks, checks + 1);
    ahead_ms = 4000;
    wait_for_count(&pings, pings + 3);
    assert_in_range(checks, 2, 3);
    assert_false(maintenance_database_up(maintenance));
}

static void the_census_becomes_gauges(void **state)
{
    struct metric *gauge = metrics_gauge(metrics, "hanok_sagas", "", "state=\"COMPENSATING\"");
    struct metric *unknown = metrics_gauge(metrics, "hanok_sagas", "", "state=\"UNKNOWN\"");
    struct metric *unreadable = metrics_gauge(metrics, "hanok_sagas_unreadable", "", "");
    struct metric *oldest = metrics_gauge(metrics, "hanok_saga_oldest_open_seconds", "", "");

    (void)state;
    unreadable_due = true;
    let_it_settle();
    ahead_ms = 5000;
    wait_for_count(&censuses, 1);
    wait_for_count(&pings, pings + 2); /* later chores: the census is through */
    assert_int_equal(metric_value(gauge), 4);
    assert_int_equal(metric_value(oldest), 7);
    assert_int_equal(metric_value(unknown), 1);
    assert_int_equal(metric_value(unreadable), 1);
}

static void what_is_past_its_time_goes_in_batches(void **state)
{
    (void)state;
    let_it_settle();
    assert_int_equal(saga_purges, 0);
    ahead_ms = 61000;
    wait_for_count(&message_purges, 1);
    wait_for_count(&saga_purges, 3);
    wait_for_count(&row_purges, 3);
    let_it_settle();
    ahead_ms += 3600000;
    wait_for_count(&saga_purges, 4);
    wait_for_count(&message_purges, 2);
    wait_for_count(&row_purges, 4);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
/* Whether its tables are as described is not known yet. */
#define UNSURE(f) cmocka_unit_test_prestate_setup_teardown(f, set_up, tear_down, &checks)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_database_is_asked_at_once_and_then_sagas_are_polled),
        TEST(a_database_that_is_away_is_not_polled_and_comes_back_by_itself),
        UNSURE(the_database_is_up_once_its_tables_are_as_described),
        UNSURE(tables_that_are_not_as_described_are_not_asked_about_again),
        TEST(the_census_becomes_gauges),
        TEST(what_is_past_its_time_goes_in_batches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
