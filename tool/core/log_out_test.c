/* A log that nobody reads, a full one, one that comes back, and the last lines of a crash. Each
 * test would hang if logging waited. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/log_out.h"

enum { PATIENCE_MS = 120000, MANY = 20000, TEXT_MAX = 8 * 1024 * 1024 };

static char *text; /* what was read */
static size_t text_len;

/* What was read, line by line: each is whole, numbers "n" rise by one but for gaps that a line
 * about dropped ones stands in. */
struct seen {
    long lines, dropped, last, gaps;
};

static long number_after(const char *line, const char *key)
{
    const char *at = strstr(line, key);

    return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

static struct seen look(void)
{
    struct seen seen = {.last = -1};
    char *line = text, *end;

    text[text_len] = '\0';
    for (; *line; line = end + 1) {
        long n, missing;

        end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        if (line == end)
            continue;
        assert_true(line[0] == '{' && end[-1] == '}');
        missing = number_after(line, "\"log lines were dropped\",\"lines\":");
        if (missing >= 0) {
            seen.dropped += missing;
            seen.gaps++;
            continue;
        }
        n = number_after(line, "\"n\":");
        assert_int_equal(n, seen.lines + seen.dropped);
        seen.last = n;
        seen.lines++;
    }
    return seen;
}

static void read_some(int fd)
{
    ssize_t n = read(fd, text + text_len, TEXT_MAX - 1 - text_len);

    text_len += n > 0 ? (size_t)n : 0;
}

static void log_lines(long from, long n)
{
    for (long i = from; i < from + n; i++)
        log_info("a line of a length that is usual for one about a request", LOG_INT("n", i),
                 LOG_TEXT("filler", "0123456789012345678901234567890123456789"));
}

static int set_up(void **state)
{
    (void)state;
    text = malloc(TEXT_MAX);
    text_len = 0;
    log_init("test", LOG_INFO);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    log_set_fd(STDERR_FILENO);
    free(text);
    return 0;
}

/* Reads fd until a line holds what. */
static void read_until(int fd, const char *what)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    for (text[text_len] = '\0'; !strstr(text, what); text[text_len] = '\0') {
        struct pollfd readable = {.fd = fd, .events = POLLIN};

        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        if (poll(&readable, 1, 100) > 0)
            read_some(fd);
    }
}

/* More lines than the descriptor and the ring hold; then somebody reads again. */
static void lose_and_find_again(int log_fd, int read_fd)
{
    uint64_t before = log_dropped();
    struct seen seen;

    log_set_fd(log_fd);
    log_lines(0, MANY);
    assert_true(log_dropped() > before);
    assert_false(log_drain(1));
    read_until(read_fd, "lines were dropped");
    log_lines(MANY, 10);
    read_until(read_fd, "\"n\":20009,");
    read_until(read_fd, "\n"); /* ... to its end */
    while (text[text_len - 1] != '\n')
        read_some(read_fd);
    assert_true(log_drain(PATIENCE_MS));
    seen = look();
    assert_int_equal(seen.last, MANY + 9);
    assert_int_equal(seen.gaps, 1);
    assert_int_equal(seen.dropped, log_dropped() - before);
    assert_int_equal(seen.lines + seen.dropped, MANY + 10);
}

static void a_pipe_nobody_reads_costs_lines_and_says_how_many(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    lose_and_find_again(ends[1], ends[0]);
    log_set_fd(STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
}

static void so_does_a_socket(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    lose_and_find_again(ends[1], ends[0]);
    log_set_fd(STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
}

static void so_does_a_terminal_that_can_only_be_waited_for(void **state)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;
    struct termios raw;

    (void)state;
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_int_equal(tcgetattr(slave, &raw), 0);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    lose_and_find_again(slave, master);
    log_set_fd(STDERR_FILENO);
    close(slave);
    close(master);
}

static void a_short_stop_costs_nothing(void **state)
{
    uint64_t before = log_dropped();
    struct seen seen;
    int ends[2];

    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    log_set_fd(ends[1]);
    log_lines(0, 2000); /* more than the pipe holds, less than the ring */
    assert_int_equal(log_dropped(), before);
    read_until(ends[0], "\"n\":1999,");
    while (text[text_len - 1] != '\n')
        read_some(ends[0]);
    seen = look();
    assert_true(seen.lines == 2000 && seen.gaps == 0);
    log_set_fd(STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
}

static void a_full_device_and_a_reader_that_is_gone_count_as_dropped(void **state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before_pipe;
    uint64_t before = log_dropped();
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC), ends[2];

    (void)state;
    assert_true(full >= 0);
    log_set_fd(full);
    log_lines(0, 100);
    assert_int_equal(log_dropped() - before, 100);
    sigaction(SIGPIPE, &ignore, &before_pipe);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    log_set_fd(ends[1]);
    close(ends[0]);
    log_lines(0, 100);
    assert_int_equal(log_dropped() - before, 200);
    sigaction(SIGPIPE, &before_pipe, NULL);
    log_set_fd(STDERR_FILENO);
    close(ends[1]);
    close(full);
}

/* The size a file may have stands for the room on a disk: the last write gets half a line in. */
static void a_disk_that_was_full_gets_whole_lines_again(void **state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before_size;
    char path[] = "/tmp/hanok-log-XXXXXX";
    uint64_t before = log_dropped();
    struct rlimit unlimited, small;
    struct seen seen;
    int fd = mkostemp(path, O_APPEND | O_CLOEXEC);
    char *torn;

    (void)state;
    assert_true(fd >= 0);
    sigaction(SIGXFSZ, &ignore, &before_size);
    getrlimit(RLIMIT_FSIZE, &unlimited);
    small = (struct rlimit){.rlim_cur = 1000, .rlim_max = unlimited.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    log_set_fd(fd);
    log_lines(0, 20);
    assert_true(log_drain(PATIENCE_MS));
    setrlimit(RLIMIT_FSIZE, &unlimited);
    log_lines(20, 5);
    assert_true(log_drain(PATIENCE_MS));
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    read_some(fd);
    torn = strchr(text + 1000, '\n'); /* the line that was cut stands alone */
    assert_ptr_equal(torn, text + 1000);
    for (torn = text + 999; *torn != '\n'; torn--)
        text_len--;
    memmove(torn + 1, text + 1000, text_len - (size_t)(torn + 1 - text));
    seen = look();
    assert_true(seen.gaps == 1 && seen.last == 24);
    assert_int_equal(seen.dropped, log_dropped() - before);
    sigaction(SIGXFSZ, &before_size, NULL);
    log_set_fd(STDERR_FILENO);
    close(fd);
    unlink(path);
}

/* ---- crashes ---- */

static void crash(void)
{
    raise(SIGSEGV);
}

static void fail_an_assert(void)
{
    ASSERT(text_len == 12345);
}

/* A child that keeps lines back and ends by fn; fills_pipe: the reader has stopped as well. */
static int last_words(void (*fn)(void), bool fills_pipe)
{
    int ends[2], code;
    pid_t child;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        for (size_t i = 0; i < 2; i++) /* what cmocka and the sanitizers have set */
            sigaction(i ? SIGSEGV : SIGABRT, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        dup2(ends[1], STDERR_FILENO);
        log_set_fd(STDERR_FILENO);
        log_catch_crashes();
        log_lines(0, fills_pipe ? 2000 : 0);
        log_gather(true);
        log_info("kept back", LOG_INT("n", fills_pipe ? 2000 : 0));
        fn();
        _exit(0);
    }
    close(ends[1]);
    if (fills_pipe) /* it ends although nobody reads */
        assert_int_equal(waitpid(child, &code, 0), child);
    for (size_t before = text_len - 1; before != text_len;) {
        before = text_len;
        read_some(ends[0]);
    }
    text[text_len] = '\0';
    close(ends[0]);
    if (!fills_pipe)
        assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFSIGNALED(code));
    return WTERMSIG(code);
}

static void a_crash_brings_out_the_last_lines_and_its_name(void **state)
{
    (void)state;
    assert_int_equal(last_words(crash, false), SIGSEGV);
    assert_non_null(strstr(text, "\"msg\":\"kept back\""));
    assert_non_null(strstr(text, "\"msg\":\"ended by a fatal signal\",\"signal\":11}\n"));
}

static void so_does_a_failed_assert(void **state)
{
    (void)state;
    assert_int_equal(last_words(fail_an_assert, false), SIGABRT);
    assert_non_null(strstr(text, "\"expression\":\"text_len == 12345\"}\n"));
    assert_non_null(strstr(text, "\"msg\":\"kept back\""));
    assert_non_null(strstr(text, "\"msg\":\"ended by a fatal signal\",\"signal\": 6}\n"));
}

static void a_crash_ends_also_when_nobody_reads(void **state)
{
    (void)state;
    assert_int_equal(last_words(crash, true), SIGSEGV);
    assert_true(look().lines > 100);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* first: a child of several threads may not start one under the thread sanitizer */
        TEST(a_crash_brings_out_the_last_lines_and_its_name),
        TEST(so_does_a_failed_assert),
        TEST(a_crash_ends_also_when_nobody_reads),
        TEST(a_pipe_nobody_reads_costs_lines_and_says_how_many),
        TEST(so_does_a_socket),
        TEST(so_does_a_terminal_that_can_only_be_waited_for),
        TEST(a_short_stop_costs_nothing),
        TEST(a_full_device_and_a_reader_that_is_gone_count_as_dropped),
        TEST(a_disk_that_was_full_gets_whole_lines_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
