/* end_limit_test.c - an end that comes with the code it was asked for, whatever is left behind. */
#include "tool/service/end_limit.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { CODE = 7, SOON_MS = 10 };

static sem_t gone, never;

static void *ends(void *arg)
{
    sem_post(&gone);
    return arg;
}

static void *is_stuck(void *arg)
{
    sem_post(&gone);
    while (sem_wait(&never) != 0) {
    }
    return arg;
}

/* The code with which a process ends that has started a thread, and has not joined it when its time
 * is up. */
static int ended_with(void *(*thread)(void *), int code)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        pthread_t started;

        sem_init(&gone, 0, 0);
        sem_init(&never, 0, 0);
        if (pthread_create(&started, NULL, thread, NULL) != 0)
            _exit(EXIT_FAILURE);
        sem_wait(&gone);
        end_limit_start(SOON_MS, code);
        pause();
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_thread_that_nobody_took_back_changes_no_code(void **state)
{
    (void)state;
    assert_int_equal(ended_with(ends, CODE), CODE);
    assert_int_equal(ended_with(ends, EXIT_SUCCESS), EXIT_SUCCESS);
}

static void a_thread_that_is_stuck_holds_nothing_up(void **state)
{
    (void)state;
    assert_int_equal(ended_with(is_stuck, CODE), CODE);
}

static void who_ends_in_time_goes_on(void **state)
{
    (void)state;
    end_limit_stop(end_limit_start(60000, CODE));
    end_limit_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_that_nobody_took_back_changes_no_code),
        cmocka_unit_test(a_thread_that_is_stuck_holds_nothing_up),
        cmocka_unit_test(who_ends_in_time_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
