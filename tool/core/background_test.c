#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sys/resource.h>

#include "tool/core/background.h"

static void *ask(void *arg)
{
    background_thread();
    *(int *)arg = getpriority(PRIO_PROCESS, 0);
    return NULL;
}

static void one_thread_steps_back_and_no_other(void **state)
{
    int before = getpriority(PRIO_PROCESS, 0), behind = -1;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, ask, &behind), 0);
    pthread_join(thread, NULL);
    assert_int_equal(behind, 10);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_thread_steps_back_and_no_other)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
