/* Jobs over leases in memory, with a clock that jumps when told. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/job/job.h"
#include "tool/job/memory/lease_memory.h"

enum { PATIENCE_MS = 120000, HOUR_MS = 3600000 };

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

/* What a job does, as told. */
struct work {
    atomic_int runs, inside, ended, most_inside;
    _Atomic(enum status) result;
    atomic_bool held;               /* a run does not end before this is false */
    _Atomic int64_t fence, left_ms; /* of the last run, as it began */
};

struct shop {
    char name[8];
    struct work floor, till;
};

static struct shop shop;
static struct metrics *metrics;
static struct memdb *db;
static struct transactor *transactor;
static struct lease *lease;

static int set_up(void **state)
{
    (void)state;
    log_set_fd(-1);
    ahead_ms = 0;
    memset(&shop, 0, sizeof(shop));
    metrics = metrics_create();
    db = memdb_create();
    transactor = memdb_transactor_create(db);
    lease = lease_memory_create(db, &JUMPING);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lease->ops->destroy(lease);
    transactor->ops->destroy(transactor);
    memdb_destroy(db);
    metrics_destroy(metrics);
    log_set_fd(2);
    return 0;
}

static enum status do_work(void *self, const struct job_run *run)
{
    struct work *work = self;
    int inside = atomic_fetch_add(&work->inside, 1) + 1;

    assert_false(call_expired(run->call));
    if (inside > work->most_inside)
        work->most_inside = inside;
    work->fence = run->fence;
    work->left_ms = call_left_ms(run->call);
    atomic_fetch_add(&work->runs, 1);
    while (work->held)
        poll(NULL, 0, 1);
    atomic_fetch_sub(&work->inside, 1);
    atomic_fetch_add(&work->ended, 1);
    return work->result;
}

static const struct job EVERYWHERE[] = {
    {"sweep_floor", offsetof(struct shop, floor), do_work, HOUR_MS, 60000, JOB_EVERYWHERE, 0      },
    {"count_till",  offsetof(struct shop, till),  do_work, HOUR_MS, 60000, JOB_EVERYWHERE, HOUR_MS},
};
static const struct job ALONE[] = {
    {"sweep_floor", offsetof(struct shop, floor), do_work, HOUR_MS, 60000, JOB_ONE_INSTANCE, 0},
};

static struct jobs *start(const struct job *rows, size_t n)
{
    return jobs_create(&(struct jobs_config){.rows = rows,
                                             .n = n,
                                             .self = &shop,
                                             .thread = "jobs",
                                             .threads = 2,
                                             .clock = &JUMPING,
                                             .entropy = &ENTROPY_SYSTEM,
                                             .metrics = metrics,
                                             .lease = lease});
}

static void wait_for(atomic_int *count, int at_least)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (atomic_load(count) < at_least) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        poll(NULL, 0, 1);
    }
}

/* Moves the clock; who waits by it looks again only when something happens, so others are told by
 * a new set of threads. */
static struct jobs *pass(struct jobs *jobs, const struct job *rows, size_t n, int64_t ms)
{
    jobs_destroy(jobs);
    ahead_ms += ms;
    return start(rows, n);
}

static int64_t counted(const char *name)
{
    return metric_value(metrics_counter(metrics, name, "", "name=\"sweep_floor\""));
}

static void wait_for_metric(const char *name, int64_t at_least)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (counted(name) < at_least) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        poll(NULL, 0, 1);
    }
}

static void each_has_its_first_run_and_what_has_more_comes_again_soon(void **state)
{
    struct jobs *jobs;

    (void)state;
    shop.floor.result = ST_PENDING;
    jobs = start(EVERYWHERE, ARRAY_LEN(EVERYWHERE));
    wait_for(&shop.floor.runs, 3);
    shop.floor.result = ST_OK;
    wait_for(&shop.floor.ended, shop.floor.runs + 1);
    assert_int_equal(shop.till.runs, 0);
    jobs_destroy(jobs);
    assert_true(counted("hanok_job_runs_total") >= 4);
    assert_int_equal(counted("hanok_job_failures_total"), 0);
}

static void a_failure_is_counted_and_the_age_of_the_last_success_grows(void **state)
{
    struct metric *age =
        metrics_gauge(metrics, "hanok_job_last_success_age_seconds", "", "name=\"sweep_floor\"");
    struct jobs *jobs;
    size_t len;

    (void)state;
    shop.floor.result = ST_UNAVAILABLE;
    jobs = start(EVERYWHERE, ARRAY_LEN(EVERYWHERE));
    wait_for_metric("hanok_job_failures_total", 1);
    ahead_ms = 90000;
    free(metrics_text(metrics, &len));
    assert_true(metric_value(age) >= 90);
    jobs_destroy(jobs);
}

/* There are two threads, and the other job's run says that both were free. */
static void no_job_runs_twice_at_a_time(void **state)
{
    static const struct job ROWS[] = {
        {"sweep_floor", offsetof(struct shop, floor), do_work, 1, 60000, JOB_EVERYWHERE, 0},
        {"count_till",  offsetof(struct shop, till),  do_work, 1, 60000, JOB_EVERYWHERE, 0},
    };
    struct jobs *jobs;

    (void)state;
    shop.floor.held = true;
    jobs = start(ROWS, ARRAY_LEN(ROWS));
    wait_for(&shop.till.runs, 20);
    wait_for(&shop.floor.runs, 1);
    assert_int_equal(shop.floor.runs, 1);
    assert_true(jobs_running(jobs) >= 1);
    shop.floor.held = false;
    wait_for(&shop.floor.runs, 5);
    jobs_destroy(jobs);
    assert_true(shop.floor.most_inside == 1 && shop.till.most_inside == 1);
}

static void the_end_waits_for_what_runs_and_begins_nothing(void **state)
{
    struct jobs *jobs;

    (void)state;
    shop.floor.held = true;
    shop.floor.result = ST_PENDING;
    jobs = start(EVERYWHERE, ARRAY_LEN(EVERYWHERE));
    wait_for(&shop.floor.runs, 1);
    jobs_stop(jobs);
    assert_int_equal(jobs_running(jobs), 1);
    shop.floor.held = false;
    jobs_destroy(jobs);
    assert_true(shop.floor.ended == 1 && shop.floor.runs == 1);
}

static void of_two_instances_one_does_it_each_time(void **state)
{
    struct jobs *one, *other;

    (void)state;
    shop.floor.held = true;
    one = start(ALONE, 1);
    wait_for(&shop.floor.runs, 1);
    other = start(ALONE, 1); /* while it runs, and after */
    shop.floor.held = false;
    wait_for(&shop.floor.ended, 1);
    jobs_destroy(other); /* nobody is between two looks at the clock when it moves */
    one = pass(one, ALONE, 1, HOUR_MS / 2);
    other = start(ALONE, 1);
    assert_int_equal(shop.floor.runs, 1);
    jobs_destroy(other);
    one = pass(one, ALONE, 1, HOUR_MS / 2);
    wait_for(&shop.floor.runs, 2);
    other = start(ALONE, 1);
    jobs_destroy(one);
    jobs_destroy(other);
    assert_int_equal(shop.floor.runs, 2);
}

static void of_an_instance_that_died_another_takes_over(void **state)
{
    struct call call = {.clock = &CLOCK_SYSTEM, .deadline_ms = INT64_MAX};
    struct uuid dead = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
    int64_t fence = 0, wait_ms = 0;
    struct jobs *jobs;

    (void)state;
    assert_int_equal(lease->ops->take(lease, &call, "sweep_floor", dead, 60000, &fence, &wait_ms),
                     ST_OK);
    jobs = start(ALONE, 1);
    jobs = pass(jobs, ALONE, 1, 30000);
    assert_int_equal(shop.floor.runs, 0);
    jobs = pass(jobs, ALONE, 1, 30000);
    wait_for(&shop.floor.ended, 1);
    jobs_destroy(jobs);
    assert_true(shop.floor.fence > fence);
    assert_int_equal(lease->ops->give(lease, &call, "sweep_floor", fence, 0), ST_STALE);
}

struct late {
    struct work work;
    enum status before, after;
};

static enum status ask_in(struct transaction *tx, const struct call *call, void *arg)
{
    (void)call;
    return job_check(arg, tx);
}

/* A run that is overtaken: its lease ended, another instance took the job. */
static enum status be_late(void *self, const struct job_run *run)
{
    struct late *late = self;
    struct uuid other = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM);
    int64_t fence, wait_ms;

    late->before = transactor_run(transactor, run->call, ask_in, (void *)run);
    ahead_ms += HOUR_MS;
    lease->ops->take(lease, run->call, run->name, other, 60000, &fence, &wait_ms);
    late->after = transactor_run(transactor, run->call, ask_in, (void *)run);
    atomic_fetch_add(&late->work.ended, 1);
    return ST_OK;
}

static void a_run_that_was_overtaken_learns_it_from_its_fence(void **state)
{
    static const struct job ROWS[] = {
        {"be_late", 0, be_late, HOUR_MS, 60000, JOB_ONE_INSTANCE, 0},
    };
    struct late late = {.before = ST_INTERNAL};
    struct jobs *jobs = jobs_create(&(struct jobs_config){.rows = ROWS,
                                                          .n = 1,
                                                          .self = &late,
                                                          .thread = "jobs",
                                                          .threads = 1,
                                                          .clock = &JUMPING,
                                                          .entropy = &ENTROPY_SYSTEM,
                                                          .lease = lease});

    (void)state;
    wait_for(&late.work.ended, 1);
    jobs_destroy(jobs);
    assert_int_equal(late.before, ST_OK);
    assert_int_equal(late.after, ST_STALE);
}

/* The lease in memory behind a database that is slow to say that it is taken. */
static struct lease *quick;
static int64_t slow_ms;

static enum status take_slowly(struct lease *self, const struct call *call, const char *name,
                               struct uuid holder, int64_t lease_ms, int64_t *fence,
                               int64_t *wait_ms)
{
    enum status st = quick->ops->take(quick, call, name, holder, lease_ms, fence, wait_ms);

    (void)self;
    ahead_ms += slow_ms;
    return st;
}

static enum status give_back(struct lease *self, const struct call *call, const char *name,
                             int64_t fence, int64_t next_ms)
{
    (void)self;
    return quick->ops->give(quick, call, name, fence, next_ms);
}

static void a_run_ends_before_its_lease_however_long_it_was_taken(void **state)
{
    static const struct lease_ops SLOW_OPS = {.take = take_slowly, .give = give_back};
    struct lease slow = {&SLOW_OPS};
    struct jobs *jobs;

    (void)state;
    quick = lease;
    lease = &slow;
    slow_ms = 20000;
    jobs = start(ALONE, ARRAY_LEN(ALONE));
    wait_for(&shop.floor.ended, 1);
    assert_true(shop.floor.left_ms <= 60000 + 5000 - slow_ms); /* its time-out, the lease's slack */
    slow_ms = 70000;
    jobs = pass(jobs, ALONE, ARRAY_LEN(ALONE), HOUR_MS);
    wait_for_metric("hanok_job_failures_total", 1);
    jobs_destroy(jobs);
    assert_int_equal(shop.floor.runs, 1); /* the second lease was over before it began */
    lease = quick;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_has_its_first_run_and_what_has_more_comes_again_soon),
        TEST(a_failure_is_counted_and_the_age_of_the_last_success_grows),
        TEST(no_job_runs_twice_at_a_time),
        TEST(the_end_waits_for_what_runs_and_begins_nothing),
        TEST(of_two_instances_one_does_it_each_time),
        TEST(of_an_instance_that_died_another_takes_over),
        TEST(a_run_that_was_overtaken_learns_it_from_its_fence),
        TEST(a_run_ends_before_its_lease_however_long_it_was_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
