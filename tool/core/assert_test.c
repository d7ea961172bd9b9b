/* What a failed ASSERT says, by a child that has one. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { SAID_MAX = 8192 };

/* Runs fn in a child whose standard error is a pipe; what it said. It must end by SIGABRT. */
static const char *said_by(void (*fn)(void))
{
    static char said[SAID_MAX];
    size_t len = 0;
    ssize_t n;
    int ends[2], code;
    pid_t child;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        sigaction(SIGABRT, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        dup2(ends[1], STDERR_FILENO);
        fn();
        _exit(0);
    }
    close(ends[1]);
    while ((n = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
        len += (size_t)n;
    said[len] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFSIGNALED(code) && WTERMSIG(code) == SIGABRT);
    return said;
}

static void fail_plainly(void)
{
    ASSERT(1 + 1 == 3);
}

static void fail_with_logs_off(void)
{
    const char *word = "a";

    log_set_fd(-1);
    ASSERT(strcmp(word, "b\\") == 0);
}

static void fail_with_a_long_expression(void)
{
    char expr[4000];

    memset(expr, '"', sizeof(expr) - 1);
    expr[sizeof(expr) - 1] = '\0';
    assert_fail(expr, "some/file.c", 2147483647);
}

static void it_names_expression_file_and_line(void **state)
{
    const char *said = said_by(fail_plainly);

    (void)state;
    assert_non_null(strstr(said, "{\"level\":\"error\",\"msg\":\"assertion failed\","
                                 "\"file\":\"tool/core/assert_test.c\",\"line\":"));
    assert_non_null(strstr(said, "\"expression\":\"1 + 1 == 3\"}\n"));
}

static void it_says_so_also_when_logs_are_off(void **state)
{
    (void)state;
    assert_non_null(strstr(said_by(fail_with_logs_off),
                           "\"expression\":\"strcmp(word, \\\"b\\\\\\\\\\\") == 0\"}\n"));
}

static void a_long_expression_is_cut_and_the_line_ends(void **state)
{
    const char *said = said_by(fail_with_a_long_expression);

    (void)state;
    assert_true(strlen(said) < 1100);
    assert_non_null(strstr(said, "\"line\":2147483647,"));
    assert_string_equal(said + strlen(said) - 5, "\\\"\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_names_expression_file_and_line),
        cmocka_unit_test(it_says_so_also_when_logs_are_off),
        cmocka_unit_test(a_long_expression_is_cut_and_the_line_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
