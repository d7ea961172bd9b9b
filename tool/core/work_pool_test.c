#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/core/work_pool_test.h"

enum { PATIENCE_MS = 120000 };

/* Work that waits for a gate to open. */
struct job {
    struct work work;
    pthread_rwlock_t *gate;
    atomic_uint *done;
};

static void pass_gate(struct work *work)
{
    struct job *job = container_of(work, struct job, work);

    pthread_rwlock_rdlock(job->gate);
    atomic_fetch_add(job->done, 1);
    pthread_rwlock_unlock(job->gate);
}

static void count_thread(void *arg)
{
    atomic_fetch_add((atomic_uint *)arg, 1);
}

static void let_pass(int64_t ms)
{
    for (int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + ms;
         clock_now_ms(&CLOCK_SYSTEM) < until_ms;)
        sched_yield();
}

static void work_runs_once_each_and_drains(void **state)
{
    pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
    atomic_uint done = 0;
    struct job jobs[100];
    struct work_pool *pool =
        work_pool_create(&(struct work_pool_config){.name = "t", .threads = 4, .capacity = 100});

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        jobs[i] = (struct job){.work.fn = pass_gate, .gate = &gate, .done = &done};
        assert_true(work_pool_submit(pool, &jobs[i].work));
    }
    assert_true(work_pool_drain(pool, PATIENCE_MS));
    assert_int_equal(done, ARRAY_LEN(jobs));
    assert_int_equal(work_pool_queued(pool), 0);
    assert_int_equal(work_pool_running(pool), 0);
    work_pool_destroy(pool);
}

static void a_full_queue_refuses_at_once(void **state)
{
    pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
    atomic_uint done = 0;
    struct job jobs[4];
    struct work_pool *pool =
        work_pool_create(&(struct work_pool_config){.name = "t", .threads = 1, .capacity = 2});

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
        jobs[i] = (struct job){.work.fn = pass_gate, .gate = &gate, .done = &done};
    pthread_rwlock_wrlock(&gate);
    assert_true(work_pool_submit(pool, &jobs[0].work));
    while (work_pool_running(pool) == 0)
        ;
    assert_true(work_pool_submit(pool, &jobs[1].work));
    assert_true(work_pool_submit(pool, &jobs[2].work));
    assert_false(work_pool_submit(pool, &jobs[3].work));
    assert_int_equal(work_pool_queued(pool), 2);
    assert_false(work_pool_drain(pool, 1));
    pthread_rwlock_unlock(&gate);
    assert_true(work_pool_drain(pool, PATIENCE_MS));
    assert_int_equal(done, 3);
    work_pool_destroy(pool);
}

/* Notes which works a thread took together, in one letter each. */
struct letter {
    struct work work;
    char text;
};

static char taken[64];
static pthread_mutex_t taken_lock = PTHREAD_MUTEX_INITIALIZER;

static void note_letters(struct work *work)
{
    pthread_mutex_lock(&taken_lock);
    for (; work; work = work->next)
        taken[strlen(taken)] = container_of(work, struct letter, work)->text;
    taken[strlen(taken)] = ' ';
    pthread_mutex_unlock(&taken_lock);
}

static void what_is_better_done_together_is_taken_together(void **state)
{
    static const struct work_kind A = {.together_max = 3}, B = {.together_max = 8};
    static const struct {
        const char *queued, *taken;
    } cases[] = {
        {"a",           "a "             },
        {"aa",          "aa "            },
        {"aaaaaaa",     "aaa aaa a "     },
        {"abababab",    "aaa bbbb a "    },
        {"xaya",        "x aa y "        }, /* x and y are alone: in order of coming */
        {"bxbabxbbaba", "bbbbbb x aaa x "},
        {"xxx",         "x x x "         },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
        atomic_uint done = 0;
        struct job first = {.work.fn = pass_gate, .gate = &gate, .done = &done};
        struct letter letters[16] = {0};
        struct work_pool *pool =
            work_pool_create(&(struct work_pool_config){.name = "t", .threads = 1, .capacity = 16});
        memset(taken, 0, sizeof(taken));
        pthread_rwlock_wrlock(&gate);
        assert_true(work_pool_submit(pool, &first.work));
        while (work_pool_running(pool) == 0)
            ;
        for (size_t k = 0; cases[i].queued[k]; k++) {
            char c = cases[i].queued[k];
            letters[k] = (struct letter){
                .work = {.fn = note_letters,
                         .kind = c == 'a'   ? &A
                                 : c == 'b' ? &B
                                            : NULL},
                .text = c,
            };
            assert_true(work_pool_submit(pool, &letters[k].work));
        }
        pthread_rwlock_unlock(&gate);
        assert_true(work_pool_drain(pool, PATIENCE_MS));
        assert_string_equal(taken, cases[i].taken);
        work_pool_destroy(pool);
    }
}

/* Counts itself and what it took along; now and then waits for the others to pile up. */
static void count_all(struct work *work)
{
    atomic_uint *done = container_of(work, struct job, work)->done;
    unsigned n = 0;

    for (; work; work = work->next)
        n++;
    if (n % 2)
        sched_yield();
    atomic_fetch_add(done, n);
}

/* Nobody sleeps while work lies there: each round ends. */
static void no_work_is_forgotten_whoever_was_called_for_it(void **state)
{
    static const struct work_kind KINDS[] = {{.together_max = 4}, {.together_max = 32}};
    enum { ROUNDS = 500, JOBS = 60 };
    atomic_uint done = 0;
    struct job jobs[JOBS];
    struct work_pool *pool =
        work_pool_create(&(struct work_pool_config){.name = "t", .threads = 4, .capacity = JOBS});

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < JOBS; i++) {
            const struct work_kind *kind = (i * 7 + round) % 5 < 2 ? &KINDS[i % 2] : NULL;
            jobs[i] = (struct job){
                .work = {.fn = count_all, .kind = kind},
                  .done = &done
            };
            assert_true(work_pool_submit(pool, &jobs[i].work));
        }
        assert_true(work_pool_drain(pool, PATIENCE_MS));
        assert_int_equal(done, (round + 1) * JOBS);
    }
    work_pool_destroy(pool);
}

/* Works of a lane: how many run, how many have run, and whether that was in order. */
struct lane_job {
    struct work work;
    atomic_uint *running, *done;
    unsigned number;
    bool slow;
};

static void run_in_lane(struct work *work)
{
    struct lane_job *job = container_of(work, struct lane_job, work);

    ASSERT(atomic_fetch_add(job->running, 1) == 0);
    ASSERT(*job->done == job->number);
    if (job->slow)
        sched_yield();
    atomic_fetch_sub(job->running, 1);
    atomic_fetch_add(job->done, 1);
}

static void works_of_a_lane_run_one_at_a_time_and_in_order(void **state)
{
    enum { N = 3, JOBS = 1000 };
    static struct lane_job jobs[N * JOBS];
    atomic_uint running[N] = {0}, done[N] = {0};
    struct work_pool *pool = work_pool_create(
        &(struct work_pool_config){.name = "t", .threads = 8, .capacity = 4 * N * JOBS});

    (void)state;
    for (unsigned i = 0; i < N * JOBS; i++) {
        jobs[i] = (struct lane_job){
            .work = {.fn = run_in_lane, .lane = i % N + 1},
            .running = &running[i % N],
            .done = &done[i % N],
            .number = i / N,
            .slow = i % 7 == 0,
        };
        assert_true(work_pool_submit(pool, &jobs[i].work));
    }
    work_pool_destroy(pool);
    for (unsigned i = 0; i < N; i++)
        assert_int_equal(done[i], JOBS);
}

static void a_lane_that_is_held_up_keeps_no_thread_from_others(void **state)
{
    enum { CAPACITY = 40 };
    pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER, open = PTHREAD_RWLOCK_INITIALIZER;
    atomic_uint held = 0, done = 0;
    struct job hot[CAPACITY], cold[CAPACITY];
    unsigned n = 0;
    struct work_pool *pool = work_pool_create(
        &(struct work_pool_config){.name = "t", .threads = 2, .capacity = CAPACITY});

    (void)state;
    pthread_rwlock_wrlock(&gate);
    for (unsigned i = 0; i < CAPACITY; i++) {
        hot[i] = (struct job){
            .work = {.fn = pass_gate, .lane = 7},
              .gate = &gate, .done = &held
        };
        n += work_pool_submit(pool, &hot[i].work);
    }
    assert_in_range(n, CAPACITY / 4, CAPACITY / 4 + 2); /* the rest of the queue is the others' */
    for (unsigned i = 0; i < CAPACITY / 2; i++) {
        cold[i] = (struct job){.work.fn = pass_gate, .gate = &open, .done = &done};
        assert_true(work_pool_submit(pool, &cold[i].work));
    }
    for (int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS; done < CAPACITY / 2;)
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < give_up_ms);
    assert_int_equal(held, 0);
    pthread_rwlock_unlock(&gate);
    assert_true(work_pool_drain(pool, PATIENCE_MS));
    assert_int_equal(held, n);
    work_pool_destroy(pool);
}

static void the_wait_is_known_when_half_of_the_queue_is_taken(void **state)
{
    enum { CAPACITY = 16, SLOW_MS = 20 };
    pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
    atomic_uint done = 0;
    struct job jobs[CAPACITY];
    struct work_pool *pool = work_pool_create(
        &(struct work_pool_config){.name = "t", .threads = 1, .capacity = CAPACITY});

    (void)state;
    for (unsigned round = 0; round < 20; round++) { /* each takes a while */
        jobs[0] = (struct job){.work.fn = pass_gate, .gate = &gate, .done = &done};
        pthread_rwlock_wrlock(&gate);
        assert_true(work_pool_submit(pool, &jobs[0].work));
        while (work_pool_running(pool) == 0)
            ;
        let_pass(SLOW_MS);
        pthread_rwlock_unlock(&gate);
        assert_true(work_pool_drain(pool, PATIENCE_MS));
    }
    pthread_rwlock_wrlock(&gate);
    for (unsigned i = 0; i < CAPACITY - 1; i++) {
        if (work_pool_queued(pool) < CAPACITY / 2)
            assert_int_equal(work_pool_wait_ms(pool), 0);
        jobs[i] = (struct job){.work.fn = pass_gate, .gate = &gate, .done = &done};
        assert_true(work_pool_submit(pool, &jobs[i].work));
    }
    assert_true(work_pool_wait_ms(pool) >= CAPACITY / 4 * SLOW_MS / 2);
    pthread_rwlock_unlock(&gate);
    work_pool_destroy(pool);
}

static void destroying_runs_what_is_queued_and_ends_every_thread(void **state)
{
    pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
    atomic_uint done = 0, threads = 0;
    struct job jobs[50];
    struct work_pool *pool =
        work_pool_create(&(struct work_pool_config){.name = "t",
                                                    .threads = 3,
                                                    .capacity = 50,
                                                    .thread_start = count_thread,
                                                    .thread_stop = count_thread,
                                                    .arg = &threads});

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        jobs[i] = (struct job){.work.fn = pass_gate, .gate = &gate, .done = &done};
        assert_true(work_pool_submit(pool, &jobs[i].work));
    }
    work_pool_destroy(pool);
    assert_int_equal(done, ARRAY_LEN(jobs));
    assert_int_equal(threads, 6);
    work_pool_destroy(NULL);
}

/* Three states of what a thread holds on to: it worked, it rested, it worked again. */
struct keeper {
    atomic_uint kept, rests;
};

static void rest(void *arg)
{
    struct keeper *keeper = arg;

    keeper->kept = 0;
    atomic_fetch_add(&keeper->rests, 1);
}

static void await_rests(const struct keeper *keeper, unsigned n)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (keeper->rests < n)
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < give_up_ms);
}

static void a_thread_without_work_rests_once_until_it_works_again(void **state)
{
    pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
    struct keeper keeper = {0};
    struct work_pool *pool = work_pool_create(&(struct work_pool_config){.name = "t",
                                                                         .threads = 1,
                                                                         .capacity = 1,
                                                                         .thread_rest = rest,
                                                                         .rest_ms = 1,
                                                                         .arg = &keeper});

    (void)state;
    for (unsigned n = 1; n <= 3; n++) {
        struct job job = {.work.fn = pass_gate, .gate = &gate, .done = &keeper.kept};

        await_rests(&keeper, n);
        assert_int_equal(keeper.kept, 0);
        let_pass(20); /* twenty times as long: it rests once only */
        assert_int_equal(keeper.rests, n);
        pthread_rwlock_wrlock(&gate); /* it does not rest while it works */
        assert_true(work_pool_submit(pool, &job.work));
        while (work_pool_running(pool) == 0)
            ;
        let_pass(20);
        assert_int_equal(keeper.rests, n);
        pthread_rwlock_unlock(&gate);
        await_rests(&keeper, n + 1);
    }
    work_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_runs_once_each_and_drains),
        cmocka_unit_test(a_full_queue_refuses_at_once),
        cmocka_unit_test(what_is_better_done_together_is_taken_together),
        cmocka_unit_test(no_work_is_forgotten_whoever_was_called_for_it),
        cmocka_unit_test(works_of_a_lane_run_one_at_a_time_and_in_order),
        cmocka_unit_test(a_lane_that_is_held_up_keeps_no_thread_from_others),
        cmocka_unit_test(the_wait_is_known_when_half_of_the_queue_is_taken),
        cmocka_unit_test(a_thread_without_work_rests_once_until_it_works_again),
        cmocka_unit_test(destroying_runs_what_is_queued_and_ends_every_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
