#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/notify.h"

enum { PATIENCE_MS = 120000 };

static struct loop *loop;
static int manager = -1;
static char path[64];
static bool nats_up, database_up;

static void say_ready(void *arg, struct readiness *out)
{
    (void)arg;
    readiness_add(out, "nats", nats_up, "NATS is not connected");
    readiness_add(out, "database", database_up, NULL);
}

/* Plays the service manager at a path, or at an abstract name. */
static void listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(name);

    memcpy(address.sun_path, name, len);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(manager, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)),
                     0);
}

static int set_up(void **state)
{
    (void)state;
    log_set_fd(-1);
    loop = loop_create(&CLOCK_SYSTEM);
    nats_up = database_up = true;
    snprintf(path, sizeof(path), "/tmp/hanok-notify-%d", (int)getpid());
    listen_at(path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    loop_destroy(loop);
    close(manager);
    unlink(path);
    log_set_fd(STDERR_FILENO);
    return 0;
}

/* Turns the loop until something is told. */
static const char *told(void)
{
    static char text[512];
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;
    ssize_t n;

    while ((n = recv(manager, text, sizeof(text) - 1, MSG_DONTWAIT)) < 0) {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        loop_turn(loop, 10);
    }
    text[n] = '\0';
    return text;
}

static struct notify *create(const char *socket, const char *watchdog_usec, const char *pid)
{
    return notify_create(&(struct notify_config){.loop = loop,
                                                 .ready = say_ready,
                                                 .socket = socket,
                                                 .watchdog_usec = watchdog_usec,
                                                 .watchdog_pid = pid});
}

static void readiness_is_told_first_and_as_it_changes(void **state)
{
    struct notify *notify;

    (void)state;
    nats_up = database_up = false;
    notify = create(path, NULL, NULL);
    assert_string_equal(told(), "READY=1\nSTATUS=not ready: NATS is not connected; database\n");
    database_up = true;
    assert_string_equal(told(), "STATUS=not ready: NATS is not connected\n");
    nats_up = true;
    assert_string_equal(told(), "STATUS=ready\n");
    notify_destroy(notify);
}

static int64_t monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void a_reload_is_told_from_begin_to_end(void **state)
{
    static const char RELOADING[] = "RELOADING=1\nMONOTONIC_USEC=";
    struct notify *notify = create(path, NULL, NULL);
    const char *text;
    int64_t before_us;

    (void)state;
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    before_us = monotonic_us();
    notify_reloading(notify);
    text = told();
    assert_memory_equal(text, RELOADING, sizeof(RELOADING) - 1);
    assert_in_range(strtoll(text + sizeof(RELOADING) - 1, NULL, 10), before_us, monotonic_us());
    notify_reloaded(notify);
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    notify_destroy(notify);
}

static void nothing_is_told_behind_the_last_word_but_to_the_watchdog(void **state)
{
    struct notify *notify = create(path, "200000", NULL);

    (void)state;
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    notify_stopping(notify);
    assert_string_equal(told(), "STOPPING=1\nSTATUS=finishing what is in hand\n");
    nats_up = false;
    notify_reloading(notify);
    notify_reloaded(notify);
    for (int i = 0; i < 15; i++) /* longer than a look takes */
        assert_string_equal(told(), "WATCHDOG=1\n");
    notify_destroy(notify);
}

static void a_manager_that_comes_late_is_told_too(void **state)
{
    struct notify *notify;

    (void)state;
    close(manager);
    unlink(path);
    notify = create(path, NULL, NULL);
    for (int i = 0; i < 3; i++)
        loop_turn(loop, 10);
    listen_at(path);
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    close(manager); /* and another of that name is */
    unlink(path);
    listen_at(path);
    nats_up = false;
    assert_string_equal(told(), "STATUS=not ready: NATS is not connected\n");
    notify_destroy(notify);
}

static void the_watchdog_hears_from_a_loop_that_turns(void **state)
{
    struct notify *notify = create(path, "200000", NULL);

    (void)state;
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    for (int i = 0; i < 3; i++)
        assert_string_equal(told(), "WATCHDOG=1\n");
    notify_destroy(notify);
}

static void the_watchdog_of_another_process_is_not_ours(void **state)
{
    struct notify *notify = create(path, "20000", "1");

    (void)state;
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    nats_up = false; /* the next word after a whole second of what would be many periods */
    assert_string_equal(told(), "STATUS=not ready: NATS is not connected\n");
    notify_destroy(notify);
}

static void abstract_sockets_are_known(void **state)
{
    struct notify *notify;
    char name[64];

    (void)state;
    close(manager);
    snprintf(name, sizeof(name), "@hanok-notify-%d", (int)getpid());
    listen_at(name);
    notify = create(name, NULL, NULL);
    assert_string_equal(told(), "READY=1\nSTATUS=ready\n");
    notify_destroy(notify);
}

static void where_nobody_is_named_nothing_is_done(void **state)
{
    static const char *const NOBODY[] = {NULL, "", "relative", "@", "vsock:2:1"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(NOBODY); i++)
        assert_null(create(NOBODY[i], "1000000", NULL));
    notify_reloading(NULL);
    notify_reloaded(NULL);
    notify_stopping(NULL);
    notify_destroy(NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(readiness_is_told_first_and_as_it_changes),
        TEST(the_watchdog_hears_from_a_loop_that_turns),
        TEST(the_watchdog_of_another_process_is_not_ours),
        TEST(abstract_sockets_are_known),
        TEST(a_reload_is_told_from_begin_to_end),
        TEST(nothing_is_told_behind_the_last_word_but_to_the_watchdog),
        TEST(a_manager_that_comes_late_is_told_too),
        TEST(where_nobody_is_named_nothing_is_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
