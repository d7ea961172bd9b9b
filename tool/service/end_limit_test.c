/* end_limit_test.c */
#include "tool/service/end_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"

static void a_process_whose_thread_is_stuck_ends(void **state)
{
    pid_t child = fork();
    int status = 0;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        log_set_fd(-1);
        end_limit_start(20, 7);
        for (;;)
            pause();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void who_is_in_time_goes_on(void **state)
{
    (void)state;
    end_limit_stop(end_limit_start(3600 * 1000, 7));
    end_limit_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_whose_thread_is_stuck_ends),
        cmocka_unit_test(who_is_in_time_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
