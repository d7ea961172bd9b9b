/* http_waiting_test.c - requests that wait, clients that leave or dawdle, servers that stop. */
#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/tool/http/http_fixture.h"
#include "tool/core/mem.h"

static void many_waiting_requests_are_all_answered(void **state)
{
    enum { N = 1000 };
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct http_fixture *f = *state;
    int *fds = mem_alloc(N, sizeof(*fds));
    char buf[1024];

    for (int i = 0; i < N; i++)
        fds[i] = http_dial(f);
    for (int round = 0; round < 3; round++) {
        int n = round == 0 ? 256 : N;

        for (int i = 0; i < n; i++)
            http_put(fds[i], request, sizeof(request) - 1);
        http_wait_for(&f->n_held, (unsigned)n);
        http_in_loop(f, http_release_all);
        for (int i = 0; i < n; i++)
            assert_non_null(strstr(http_get(fds[i], "GET /wait 0", buf, sizeof(buf)), " 200 "));
    }
    for (int i = 0; i < N; i++)
        close(fds[i]);
    free(fds);
}

static void pipelined_requests_wait_one_after_the_other(void **state)
{
    enum { N = 30 };
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct http_fixture *f = *state;
    char buf[1024];
    int fd = http_dial(f);

    for (int i = 0; i < N; i++)
        http_put(fd, request, sizeof(request) - 1);
    for (int i = 0; i < N; i++) {
        http_wait_for(&f->n_held, 1);
        assert_int_equal(f->n_held, 1);
        http_in_loop(f, http_release_all);
        assert_non_null(strstr(http_get(fd, "GET /wait 0", buf, sizeof(buf)), " 200 "));
    }
    close(fd);
}

static void a_client_that_left_is_found(void **state)
{
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct http_fixture *f = *state;
    int fds[20];

    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = http_dial(f);
        http_put(fds[i], request, sizeof(request) - 1);
    }
    http_wait_for(&f->n_held, ARRAY_LEN(fds));
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        close(fds[i]);
    http_wait_for(&f->n_gone, ARRAY_LEN(fds));
}

/* At once, or after a while; the server goes on. */
static void who_is_dropped_is_told_nothing(void **state)
{
    static const char *const requests[] = {
        "POST /drop HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}",
        "GET /wait HTTP/1.1\r\n" HOST "\r\n", "GET /drop HTTP/1.1\r\n" HOST "\r\n"};
    static const char last[] = "GET /x HTTP/1.1\r\n" HOST "\r\n";
    struct http_fixture *f = *state;
    char buf[64];
    int fd;

    for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
        fd = http_dial(f);
        http_put(fd, requests[i], strlen(requests[i]));
        http_wait_for(&f->n_handled, (unsigned)i + 1);
        http_in_loop(f, http_drop_all);
        assert_string_equal(http_get(fd, NULL, buf, sizeof(buf)), "");
        close(fd);
    }
    fd = http_dial(f);
    http_put(fd, last, sizeof(last) - 1);
    assert_non_null(strstr(http_get(fd, "200", buf, sizeof(buf)), " 200 "));
    close(fd);
}

static void slow_clients_are_cut_but_waiting_ones_are_not(void **state)
{
    struct http_fixture *f = http_fixture_start(500, 500);
    char buf[1024];
    int head = http_dial(f), body = http_dial(f), waiting = http_dial(f), silent = http_dial(f);

    (void)state;
    http_put(waiting, "GET /wait HTTP/1.1\r\n" HOST "\r\n", 31);
    http_put(head, "GET / HTTP/1.1\r\nHo", 18);
    http_put(body, "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nab", 49);
    assert_non_null(strstr(http_get(head, NULL, buf, sizeof(buf)), "HTTP/1.1 408"));
    assert_non_null(strstr(http_get(body, NULL, buf, sizeof(buf)), "HTTP/1.1 408"));
    assert_string_equal(http_get(silent, NULL, buf, sizeof(buf)), "");
    http_wait_for(&f->n_held, 1);
    http_in_loop(f, http_release_all);
    assert_non_null(strstr(http_get(waiting, "GET /wait 0", buf, sizeof(buf)), " 200 "));
    close(head);
    close(body);
    close(silent);
    close(waiting);
    http_fixture_stop(f);
}

/* Bytes that go on coming are no reason to wait: of a request line, a header, a body. */
static void what_drips_is_refused_in_the_end(void **state)
{
    static const struct {
        const char *begin, *more;
    } cases[] = {
        {"GET /",                                                         "a"         },
        {"GET / HTTP/1.1\r\nX: ",                                         "a"         },
        {"GET / HTTP/1.1\r\n",                                            "a:b\r\n"   },
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\n",        "a"         },
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"},
    };
    struct http_fixture *f = http_fixture_start(300, 300);
    char buf[1024];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = http_dial(f);
        struct pollfd readable = {.fd = fd, .events = POLLIN};

        http_put(fd, cases[i].begin, strlen(cases[i].begin));
        for (int n = 0; n < HTTP_PATIENCE_MS / 100 && poll(&readable, 1, 100) == 0; n++)
            http_put(fd, cases[i].more, strlen(cases[i].more));
        if (recv(fd, buf, 12, MSG_WAITALL) != 12 || memcmp(buf, "HTTP/1.1 408", 12) != 0)
            fail_msg("%zu: not 408", i);
        close(fd);
    }
    http_fixture_stop(f);
}

static void a_client_that_does_not_read_is_cut(void **state)
{
    struct http_fixture *f = http_fixture_start(500, 500);
    int fd = http_dial(f);
    struct pollfd cut = {.fd = fd, .events = POLLRDHUP};

    (void)state;
    http_put(fd, "GET /big HTTP/1.1\r\n" HOST "\r\n", 30);
    assert_int_equal(poll(&cut, 1, HTTP_PATIENCE_MS), 1);
    close(fd);
    http_fixture_stop(f);
}

static void stopping_answers_everyone_who_waits(void **state)
{
    enum { N = 200 };
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct http_fixture *f = http_fixture_start(60000, 60000);
    char buf[1024];
    int fds[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        fds[i] = http_dial(f);
        http_put(fds[i], request, sizeof(request) - 1);
    }
    http_wait_for(&f->n_held, N);
    http_fixture_stop(f);
    for (int i = 0; i < N; i++) {
        assert_non_null(strstr(http_get(fds[i], NULL, buf, sizeof(buf)), "HTTP/1.1 503"));
        assert_non_null(strstr(buf, "Connection: close"));
        close(fds[i]);
    }
}

static void wait_until_refused(const struct http_fixture *f)
{
    for (int refused = 0; !refused; poll(NULL, 0, 5)) {
        struct sockaddr_in addr = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)f->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int late = socket(AF_INET, SOCK_STREAM, 0);

        refused = connect(late, (struct sockaddr *)&addr, sizeof(addr)) != 0;
        close(late);
    }
}

static void draining_finishes_what_has_begun(void **state)
{
    struct http_fixture *f = *state;
    char buf[1024];
    int fd = http_dial(f);

    http_put(fd, "GET /wait HTTP/1.1\r\n" HOST "\r\n", 31);
    http_wait_for(&f->n_held, 1);
    http_in_loop(f, http_drain_to_the_end);
    wait_until_refused(f);
    http_in_loop(f, http_release_all);
    http_get(fd, NULL, buf, sizeof(buf));
    assert_non_null(strstr(buf, "HTTP/1.1 200"));
    assert_non_null(strstr(buf, "Connection: close"));
    close(fd);
}

static void draining_waits_for_who_has_just_connected(void **state)
{
    struct http_fixture *f = *state;
    char buf[1024];
    int fd = http_dial(f);

    http_clock_move(f, 0);
    http_in_loop(f, http_drain_to_the_end);
    wait_until_refused(f);
    http_put(fd, "GET / HTTP/1.1\r\n" HOST "\r\n", 27);
    assert_non_null(strstr(http_get(fd, NULL, buf, sizeof(buf)), "HTTP/1.1 200"));
    close(fd);
}

static void draining_waits_for_the_rest_of_a_body(void **state)
{
    struct http_fixture *f = *state;
    char buf[1024];
    int fd = http_dial(f);

    http_clock_move(f, 0);
    http_put(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nab", 49);
    http_in_loop(f, http_drain_to_the_end);
    wait_until_refused(f);
    http_put(fd, "cdefghi", 7);
    assert_non_null(strstr(http_get(fd, NULL, buf, sizeof(buf)), "HTTP/1.1 200"));
    close(fd);
}

static void is_closed(int fd)
{
    struct pollfd end = {.fd = fd, .events = POLLRDHUP};

    assert_int_equal(poll(&end, 1, HTTP_PATIENCE_MS), 1);
    close(fd);
}

/* A client that has been answered, and ms after that no more new ones are let in. */
static int idle_while_draining(struct http_fixture *f, int ms)
{
    char buf[1024];
    int fd = http_dial(f);

    http_clock_move(f, 0);
    http_put(fd, "GET / HTTP/1.1\r\n" HOST "\r\n", 27);
    assert_non_null(strstr(http_get(fd, "GET / 0", buf, sizeof(buf)), "HTTP/1.1 200"));
    http_let_turn(f);
    http_clock_move(f, ms);
    http_in_loop(f, http_drain_to_the_end);
    return fd;
}

static void draining_does_not_wait_for_idle_clients(void **state)
{
    is_closed(idle_while_draining(*state, 1000));
}

static void draining_waits_for_who_asks_again_and_again(void **state)
{
    struct http_fixture *f = *state;
    char buf[1024];
    int fd = idle_while_draining(f, 999);

    wait_until_refused(f);
    http_put(fd, "GET / HTTP/1.1\r\n" HOST "\r\n", 27);
    assert_non_null(strstr(http_get(fd, NULL, buf, sizeof(buf)), "Connection: close"));
    close(fd);
}

static void draining_waits_a_second_for_silent_clients(void **state)
{
    struct http_fixture *f = *state;
    int silent = http_dial(f), head = http_dial(f);

    http_clock_move(f, 0);
    http_put(head, "GET / HTTP/1.1\r\nHo", 18);
    http_in_loop(f, http_drain_to_the_end);
    wait_until_refused(f);
    http_clock_move(f, 1000);
    is_closed(silent);
    is_closed(head);
}

static void a_busy_port_is_named(void **state)
{
    struct http_fixture *f = *state;
    struct http_server_config config = {.loop = f->loop, .clock = &CLOCK_SYSTEM};
    char address[32], want[64];
    const char *why = NULL;

    snprintf(address, sizeof(address), "127.0.0.1:%d", f->port);
    snprintf(want, sizeof(want), "%s is in use", address);
    config.listen = address;
    assert_null(http_server_create(&config, &why));
    assert_string_equal(why, want);
    config.listen = "nonsense";
    assert_null(http_server_create(&config, &why));
    assert_non_null(strstr(why, "nonsense is not an address"));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, http_fixture_setup, http_fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_waiting_requests_are_all_answered),
        TEST(pipelined_requests_wait_one_after_the_other),
        TEST(a_client_that_left_is_found),
        TEST(who_is_dropped_is_told_nothing),
        cmocka_unit_test(slow_clients_are_cut_but_waiting_ones_are_not),
        cmocka_unit_test(what_drips_is_refused_in_the_end),
        cmocka_unit_test(a_client_that_does_not_read_is_cut),
        cmocka_unit_test(stopping_answers_everyone_who_waits),
        TEST(draining_finishes_what_has_begun),
        TEST(draining_waits_for_who_has_just_connected),
        TEST(draining_waits_for_the_rest_of_a_body),
        TEST(draining_does_not_wait_for_idle_clients),
        TEST(draining_waits_for_who_asks_again_and_again),
        TEST(draining_waits_a_second_for_silent_clients),
        TEST(a_busy_port_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
