/* A whole process of the skeleton: how it starts, lives with everything away, and ends. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/service/shop_service.h"

enum { PATIENCE_MS = 120000, ARGS_MAX = 16 };

static char dir[] = "/tmp/hanok-service-XXXXXX";
static int log_pipe = -1; /* what the child logs to instead of log_file */
static char admin_file[64], log_file[64], notify_path[64], notify_variable[80];

static int make_dir(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(admin_file, sizeof(admin_file), "%s/admin", dir);
    snprintf(log_file, sizeof(log_file), "%s/log", dir);
    snprintf(notify_path, sizeof(notify_path), "%s/notify", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    unlink(log_file);
    return rmdir(dir);
}

/* Runs the service in a child whose output is log_file; more arguments end with NULL. */
static pid_t start(const char *const more[])
{
    static const char *const COMMON[] = {
        "hanok-shop",     "--nats-url", "nats://127.0.0.1:9", "--mysql-socket", "/nonexistent",
        "--mysql-schema", "shop",       "--mysql-user",       "shop",           "--admin-file",
        admin_file,
    };
    char *argv[ARRAY_LEN(COMMON) + ARGS_MAX + 1] = {0};
    int argc = 0;
    pid_t pid;

    while (argc < (int)ARRAY_LEN(COMMON)) {
        argv[argc] = (char *)COMMON[argc];
        argc++;
    }
    for (size_t i = 0; more[i]; i++)
        argv[argc++] = (char *)more[i];
    unlink(log_file);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int fd = log_pipe >= 0 ? log_pipe : open(log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);

        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        environ = (char *[]){notify_variable, NULL};
        exit(service_main(argc, argv, &SHOP));
    }
    return pid;
}

static const char *logged(void)
{
    static char text[65536];
    int fd = open(log_file, O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void wait_for_line(const char *line)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (!strstr(logged(), line)) {
        if (clock_now_ms(&CLOCK_SYSTEM) > until_ms)
            fail_msg("no \"%s\" in: %s", line, logged());
        poll(NULL, 0, 5);
    }
}

static int exit_code(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status))
        fail_msg("ended by signal %d: %s", WTERMSIG(status), logged());
    return WEXITSTATUS(status);
}

static void it_lives_with_everything_away_and_ends_when_told(void **state)
{
    pid_t pid = start((const char *const[]){"--colour", "blue", NULL});

    (void)state;
    wait_for_line("\"msg\":\"started\"");
    assert_non_null(strstr(logged(), "\"colour\":\"blue\""));
    assert_int_equal(access(admin_file, R_OK), 0);
    kill(pid, SIGPIPE);
    kill(pid, SIGALRM);
    kill(pid, SIGUSR1);
    wait_for_line("\"signal\":\"SIGUSR1\"");
    kill(pid, SIGUSR2);
    wait_for_line("\"signal\":\"SIGUSR2\"");
    kill(pid, SIGHUP);
    wait_for_line("reload told");
    wait_for_line("database is away");
    kill(pid, SIGTERM);
    assert_int_equal(exit_code(pid), 0);
    assert_non_null(strstr(logged(), "drain told"));
    assert_non_null(strstr(logged(), "unwired"));
    assert_non_null(strstr(logged(), "\"msg\":\"stopped\""));
    assert_int_not_equal(access(admin_file, F_OK), 0);
}

static void a_drain_waits_for_work_in_hand(void **state)
{
    pid_t pid = start((const char *const[]){"--busy-ms", "300", NULL});
    int64_t told_ms;

    (void)state;
    wait_for_line("\"msg\":\"started\"");
    wait_for_line("\"msg\":\"sweeping\"");
    told_ms = clock_now_ms(&CLOCK_SYSTEM);
    kill(pid, SIGINT);
    assert_int_equal(exit_code(pid), 0);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) - told_ms >= 300);
    assert_non_null(strstr(logged(), "\"msg\":\"swept\""));
    assert_non_null(strstr(logged(), "unwired"));
}

static void a_drain_does_not_wait_for_ever(void **state)
{
    pid_t pid = start((const char *const[]){"--busy-ms", "60000", "--drain-ms", "50", NULL});

    (void)state;
    wait_for_line("\"msg\":\"started\"");
    kill(pid, SIGTERM);
    assert_int_equal(exit_code(pid), 0);
    assert_non_null(strstr(logged(), "drain ran out of time"));
    assert_int_not_equal(access(admin_file, F_OK), 0);
}

/* A pipe that is full and that nobody reads. */
static void fill(int ends[2])
{
    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    while (write(ends[1], dir, sizeof(dir)) > 0) {
    }
    fcntl(ends[1], F_SETFL, 0);
}

static void a_log_that_is_stuck_stops_neither_work_nor_the_end(void **state)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    int ends[2], status = -1;
    bool alive = true;
    pid_t pid;

    (void)state;
    fill(ends);
    log_pipe = ends[1];
    pid = start((const char *const[]){"--log-level", "debug", NULL});
    log_pipe = -1;
    for (bool told = false; alive && clock_now_ms(&CLOCK_SYSTEM) < until_ms; poll(NULL, 0, 5)) {
        if (!told && access(admin_file, R_OK) == 0) /* it has started */
            told = kill(pid, SIGTERM) == 0;
        alive = waitpid(pid, &status, WNOHANG) == 0;
    }
    if (alive)
        kill(pid, SIGKILL);
    close(ends[0]);
    close(ends[1]);
    assert_false(alive);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void what_cannot_start_says_so_and_exits_with_1(void **state)
{
    static const struct {
        const char *args[3];
        const char *line;
    } CASES[] = {
        {{"--colour", "none"},              "cannot start"                                           },
        {{"--counter-threads", "0"},        "--counter-threads: must be a whole number from 1 to 256"},
        {{"--admin-listen", "nowhere"},     "--admin-listen: is not an address"                      },
        {{"--nats-url", "http://a"},        "--nats-url: is no list of NATS servers"                 },
        {{"--admin-listen", "192.0.2.1:0"}, "no admin listener"                                      },
        {{"--saga-retention-s", "3"},       "--saga-retention-s: must be"                            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_int_equal(exit_code(start(CASES[i].args)), 1);
        if (!strstr(logged(), CASES[i].line))
            fail_msg("no \"%s\" in: %s", CASES[i].line, logged());
    }
}

/* Plays the service manager. */
static int manage(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    memcpy(address.sun_path, notify_path, strlen(notify_path) + 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    snprintf(notify_variable, sizeof(notify_variable), "NOTIFY_SOCKET=%s", notify_path);
    return fd;
}

/* Until a word begins like that. */
static void wait_for_word(int fd, const char *begin)
{
    char word[512];
    ssize_t n;

    do {
        n = recv(fd, word, sizeof(word) - 1, 0);
        if (n < 0)
            fail_msg("no \"%s\": %s", begin, logged());
        word[n > 0 ? n : 0] = '\0';
    } while (strncmp(word, begin, strlen(begin)) != 0);
}

static void the_service_manager_is_told(void **state)
{
    int fd = manage();
    pid_t pid = start((const char *const[]){NULL});

    (void)state;
    wait_for_word(fd, "READY=1\nSTATUS=not ready: NATS is not connected; ");
    kill(pid, SIGHUP);
    wait_for_word(fd, "RELOADING=1\nMONOTONIC_USEC=");
    wait_for_word(fd, "READY=1\n");
    kill(pid, SIGTERM);
    wait_for_word(fd, "STOPPING=1\n");
    assert_int_equal(exit_code(pid), 0);
    notify_variable[0] = '\0';
    unlink(notify_path);
    close(fd);
}

static void its_health_is_asked_with_its_settings_and_no_secrets(void **state)
{
    static const char *const ASK[] = {"--healthcheck", "--mysql-password-file", "/nonexistent",
                                      NULL};
    pid_t pid = start((const char *const[]){NULL});

    (void)state;
    wait_for_line("\"msg\":\"started\"");
    assert_int_equal(exit_code(start(ASK)), 1);
    wait_for_line("hanok-shop is not ready: 503 {\"status\":\"down\",");
    assert_non_null(strstr(logged(), "\"why\":\"NATS is not connected\"}\n"));
    kill(pid, SIGTERM);
    assert_int_equal(exit_code(pid), 0);
    assert_int_equal(exit_code(start(ASK)), 1);
    wait_for_line("hanok-shop is not ready: cannot read \"");
}

static void checking_starts_nothing(void **state)
{
    (void)state;
    assert_int_equal(exit_code(start((const char *const[]){"--check", NULL})), 0);
    assert_string_equal(logged(), "hanok-shop: the settings are good\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lives_with_everything_away_and_ends_when_told),
        cmocka_unit_test(a_drain_waits_for_work_in_hand),
        cmocka_unit_test(a_drain_does_not_wait_for_ever),
        cmocka_unit_test(a_log_that_is_stuck_stops_neither_work_nor_the_end),
        cmocka_unit_test(what_cannot_start_says_so_and_exits_with_1),
        cmocka_unit_test(the_service_manager_is_told),
        cmocka_unit_test(its_health_is_asked_with_its_settings_and_no_secrets),
        cmocka_unit_test(checking_starts_nothing),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
