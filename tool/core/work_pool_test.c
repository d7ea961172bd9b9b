#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/work_pool.h"

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
        cmocka_unit_test(destroying_runs_what_is_queued_and_ends_every_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
