/* http_full_test.c - a server that has as many connections as it may, and then room again. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/tool/http/http_fixture.h"
#include "tool/core/mem.h"

static const char REQUEST[] = "GET / HTTP/1.1\r\n" HOST "\r\n";

static void ask(int fd)
{
    char buf[1024];

    http_put(fd, REQUEST, sizeof(REQUEST) - 1);
    assert_non_null(strstr(http_get(fd, "GET / 0", buf, sizeof(buf)), "HTTP/1.1 200"));
}

static void somebody_new_is_served(const struct http_fixture *f)
{
    int fd = http_dial(f);

    ask(fd);
    close(fd);
}

static void who_leaves_makes_room_for_who_waits(void **state)
{
    enum { MAX = 5 };
    struct http_fixture *f = http_fixture_start_with_at_most(MAX);
    int in[MAX], waiting;

    (void)state;
    for (int i = 0; i < MAX; i++) {
        in[i] = http_dial(f);
        ask(in[i]);
    }
    waiting = http_dial(f);
    close(in[0]);
    ask(waiting);
    for (int i = 1; i < MAX; i++)
        close(in[i]);
    close(waiting);
    somebody_new_is_served(f);
    http_fixture_stop(f);
}

static void when_all_have_left_there_is_room_again(void **state)
{
    enum { MAX = 5 };
    struct http_fixture *f = http_fixture_start_with_at_most(MAX);
    int fds[4 * MAX];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            fds[i] = http_dial(f);
        for (int i = 0; i < MAX; i++)
            ask(fds[i]);
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            close(fds[i]);
        somebody_new_is_served(f);
    }
    http_fixture_stop(f);
}

/* Time passes until the server cuts fd: the end of an answer may be later than its last byte. */
static void is_cut(struct http_fixture *f, int fd)
{
    struct pollfd end = {.fd = fd, .events = POLLRDHUP};

    for (int i = 0; i < HTTP_PATIENCE_MS / 50; i++) {
        if (poll(&end, 1, 50) > 0)
            return;
        http_clock_move(f, 60001);
    }
    fail_msg("a silent client is not cut");
}

/* Silent clients are cut by the server, all in one turn. */
static void who_is_cut_makes_room_as_well(void **state)
{
    enum { MAX = 5 };
    struct http_fixture *f = http_fixture_start_with_at_most(MAX);
    int fds[MAX];

    (void)state;
    http_clock_move(f, 0);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = http_dial(f);
        ask(fds[i]);
    }
    http_clock_move(f, 60001);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        is_cut(f, fds[i]);
    somebody_new_is_served(f);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        close(fds[i]);
    http_fixture_stop(f);
}

/* Descriptors from here on are the server's: the clients have theirs already. */
static void leave_descriptors(int n, struct rlimit *before)
{
    struct rlimit now;
    int next = dup(0);

    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
    now = *before;
    now.rlim_cur = (rlim_t)next + (rlim_t)n;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
}

static void without_descriptors_it_waits_for_some(void **state)
{
    static const int LEFT[] = {0, 1, 5};
    struct http_fixture *f = *state;
    struct rlimit before;
    int fds[20];

    for (size_t round = 0; round < ARRAY_LEN(LEFT); round++) {
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            fds[i] = http_socket();
        leave_descriptors(LEFT[round], &before);
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            http_connect(f, fds[i]);
        for (int i = 0; i < LEFT[round]; i++)
            ask(fds[i]);
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            close(fds[i]);
        somebody_new_is_served(f);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    }
}

struct by_hand {
    struct loop_timer end;
    bool over;
    unsigned turns;
};

static void on_end(void *arg)
{
    ((struct by_hand *)arg)->over = true;
}

/* The loop of a process that has no descriptor left: turned until the timer ends, it rests. */
static void without_descriptors_it_does_not_spin(void **state)
{
    enum { LONG_MS = 300, TURNS_MAX = 300 };
    struct by_hand hand = {
        .end = {.fn = on_end, .arg = &hand}
    };
    struct http_fixture f = {.loop = loop_create(&CLOCK_SYSTEM)};
    struct http_server_config config = {.listen = "127.0.0.1:0",
                                        .loop = f.loop,
                                        .clock = &CLOCK_SYSTEM,
                                        .limits = {.head_max = 8192}};
    const char *why = "";
    struct rlimit before;
    int fd = http_socket();

    (void)state;
    f.server = http_server_create(&config, &why);
    assert_non_null(f.server);
    f.port = http_server_port(f.server);
    leave_descriptors(0, &before);
    http_connect(&f, fd);
    loop_timer_set(f.loop, &hand.end, LONG_MS);
    for (; !hand.over; hand.turns++)
        loop_turn(f.loop, -1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_in_range(hand.turns, 1, TURNS_MAX);
    while (http_server_connections(f.server) == 0)
        loop_turn(f.loop, -1);
    close(fd);
    http_server_destroy(f.server);
    loop_destroy(f.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_leaves_makes_room_for_who_waits),
        cmocka_unit_test(when_all_have_left_there_is_room_again),
        cmocka_unit_test(who_is_cut_makes_room_as_well),
        cmocka_unit_test_setup_teardown(without_descriptors_it_waits_for_some, http_fixture_setup,
                                        http_fixture_teardown),
        cmocka_unit_test(without_descriptors_it_does_not_spin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
