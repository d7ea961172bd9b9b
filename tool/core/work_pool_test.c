#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/work_pool_test.h"

enum { PATIENCE_MS = 20000 };

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_runs_once_each_and_drains),
        cmocka_unit_test(a_full_queue_refuses_at_once),
        cmocka_unit_test(what_is_better_done_together_is_taken_together),
        cmocka_unit_test(no_work_is_forgotten_whoever_was_called_for_it),
        cmocka_unit_test(destroying_runs_what_is_queued_and_ends_every_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
