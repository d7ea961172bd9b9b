#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/notify.h"

enum { PATIENCE_MS = 20000 };

static struct loop *loop;
static int manager = -1;
static char path[64];
static bool nats_up;

static void say_ready(void *arg, struct readiness *out)
{
    (void)arg;
    readiness_add(out, "nats", nats_up, "NATS is not connected");
    readiness_add(out, "running", true, NULL);
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
    nats_up = true;
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
    nats_up = false;
    notify = create(path, NULL, NULL);
    assert_string_equal(told(), "READY=1\nSTATUS=not ready: NATS is not connected\n");
    nats_up = true;
    assert_string_equal(told(), "STATUS=ready\n");
    notify_reloading(notify);
    assert_int_equal(strncmp(told(), "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
    notify_reloaded(notify);
    assert_string_equal(told(), "READY=1\n");
    notify_stopping(notify);
    assert_string_equal(told(), "STOPPING=1\nSTATUS=finishing what is in hand\n");
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

static void where_nobody_listens_nothing_is_done(void **state)
{
    static const char *const NOBODY[] = {NULL, "", "relative", "@", "/nowhere/notify"};

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
        TEST(where_nobody_listens_nothing_is_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
