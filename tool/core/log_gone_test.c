/* A log whose reader has gone, where only a thread may write as that can wait: it fails once a
 * line, not for ever, and whoever reads next is told of all that is missing. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"

enum { PATIENCE_MS = 120000, LINES = 100 };

static void log_into(int fd)
{
    log_set_fd(fd);
    log_info("there is a reader");
    assert_true(log_drain(PATIENCE_MS));
}

static void log_into_nothing(void)
{
    uint64_t before = log_dropped();

    for (int i = 1; i <= LINES; i++) {
        log_info("into nothing", LOG_INT("n", i));
        assert_true(log_drain(PATIENCE_MS));
        assert_int_equal(log_dropped() - before, i);
    }
}

static void a_terminal_closes(void **state)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;

    (void)state;
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(slave >= 0);
    log_into(slave);
    close(master);
    log_into_nothing();
    log_set_fd(STDERR_FILENO);
    close(slave);
}

static void a_named_pipe_is_closed_and_read_again(void **state)
{
    char folder[] = "/tmp/hanok-log-XXXXXX", path[sizeof(folder) + 5], text[4096];
    int reader, writer;
    ssize_t n;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    writer = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(reader >= 0 && writer >= 0);
    log_into(writer);
    close(reader);
    log_into_nothing();
    reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    log_info("here again");
    assert_true(log_drain(PATIENCE_MS));
    n = read(reader, text, sizeof(text) - 1);
    assert_true(n > 0);
    text[n] = '\0';
    assert_non_null(strstr(text, "\"log lines were dropped\",\"lines\":100,"));
    assert_non_null(strstr(text, "\"here again\""));
    log_set_fd(STDERR_FILENO);
    close(writer);
    close(reader);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_closes),
        cmocka_unit_test(a_named_pipe_is_closed_and_read_again),
    };

    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
