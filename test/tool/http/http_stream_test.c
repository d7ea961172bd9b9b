/* http_stream_test.c - requests one behind the other in a stream of bytes, however it comes. */
#include <errno.h>
#include <netinet/tcp.h>
#include <netinet/in.h>
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

enum { N = 500 };

/* Every fourth has a body, every eighth waits for http_release_all. Returns the number of bytes. */
static size_t write_requests(char *out, size_t size)
{
    size_t len = 0;

    for (int i = 0; i < N; i++) {
        const char *body = i % 4 == 1   ? "5;x\r\nhello\r\n0\r\nA: b\r\n\r\n"
                           : i % 4 == 3 ? "hello"
                                        : "";
        const char *framing = i % 4 == 1   ? "Transfer-Encoding: chunked\r\n"
                              : i % 4 == 3 ? "Content-Length: 5\r\n"
                                           : "";

        len += (size_t)snprintf(out + len, size - len, "POST /%s%d HTTP/1.1\r\n" HOST "%s\r\n%s",
                                i % 8 == 5 ? "wait?" : "", i, framing, body);
    }
    return len;
}

static size_t write_answers(char *out, size_t size)
{
    size_t len = 0;

    for (int i = 0; i < N; i++)
        len += i % 8 == 5 ? (size_t)snprintf(out + len, size - len, "POST /wait 5;")
                          : (size_t)snprintf(out + len, size - len, "POST /%d %d;", i, i % 2 * 5);
    return len;
}

/* The body of the answer at text; advances behind it. NULL = it is not all there. */
static char *next_body(char **text, char *end)
{
    char *head_end = strstr(*text, "\r\n\r\n"), *length, *body;
    size_t len;

    if (!head_end)
        return NULL;
    length = strstr(*text, "Content-Length: ");
    assert_true(length && length < head_end);
    len = strtoul(length + 16, NULL, 10);
    body = head_end + 4;
    if (body + len > end)
        return NULL;
    *text = body + len;
    return body;
}

static void read_answers(struct http_fixture *f, int fd, char *got, size_t size)
{
    char *all = mem_alloc(1, N * 512), *text = all;
    size_t len = 0, n_got = 0;

    for (int done = 0; done < N;) {
        char *body = next_body(&text, all + len);
        ssize_t n;

        if (body) {
            n_got += (size_t)snprintf(got + n_got, size - n_got, "%.*s;", (int)(text - body), body);
            done++;
            continue;
        }
        while ((n = recv(fd, all + len, N * 512 - 1 - len, MSG_DONTWAIT)) < 0 && errno == EAGAIN) {
            if (atomic_load(&f->n_held) > 0)
                http_in_loop(f, http_release_all);
            poll(NULL, 0, 1);
        }
        assert_true(n > 0);
        len += (size_t)n;
    }
    free(all);
}

static void each_is_answered_in_its_turn(struct http_fixture *f, size_t piece)
{
    char *requests = mem_alloc(1, N * 256), *want = mem_alloc(1, N * 64),
         *got = mem_alloc(1, N * 64);
    size_t len = write_requests(requests, N * 256);
    int fd = http_dial(f);

    write_answers(want, N * 64);
    for (size_t at = 0; at < len; at += piece)
        http_put(fd, requests + at, piece < len - at ? piece : len - at);
    read_answers(f, fd, got, N * 64);
    assert_string_equal(got, want);
    close(fd);
    free(requests);
    free(want);
    free(got);
}

static void a_stream_of_requests_is_answered_in_order(void **state)
{
    static const size_t PIECES[] = {1 << 20, 8192, 8191, 97};

    for (size_t i = 0; i < ARRAY_LEN(PIECES); i++)
        each_is_answered_in_its_turn(*state, PIECES[i]);
}

/* As TLS does, it takes more from the socket than it is asked for, and gives it in bits. */
struct wire {
    int fd;
    char bytes[4096];
    size_t at, len;
};

static ssize_t wire_receive(void *arg, void *buf, size_t size)
{
    enum { BIT = 7 };
    struct wire *wire = arg;
    size_t n;

    if (wire->at == wire->len) {
        ssize_t got = recv(wire->fd, wire->bytes, sizeof(wire->bytes), 0);

        if (got <= 0)
            return got;
        wire->at = 0;
        wire->len = (size_t)got;
    }
    n = wire->len - wire->at < BIT ? wire->len - wire->at : BIT;
    assert_true(n <= size);
    memcpy(buf, wire->bytes + wire->at, n);
    wire->at += n;
    return (ssize_t)n;
}

static ssize_t wire_send(void *arg, const struct iovec *parts, size_t n)
{
    const struct wire *wire = arg;
    const struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = n};

    return sendmsg(wire->fd, &message, MSG_NOSIGNAL);
}

static void wire_end(void *arg)
{
    (void)arg;
}

static const struct http_wire_ops WIRE_OPS = {
    .receive = wire_receive, .send = wire_send, .end = wire_end, .close = free};

static bool on_connected(void *arg, struct http_conn *conn, int fd, struct http_wire *wire)
{
    struct wire *self = MEM_NEW(struct wire);

    (void)arg;
    (void)conn;
    self->fd = fd;
    *wire = (struct http_wire){.ops = &WIRE_OPS, .self = self};
    return true;
}

/* Not only its socket: whatever stands between gets to say what there is. */
static void a_stream_over_another_wire_is_too(void **state)
{
    struct http_fixture *f =
        http_fixture_start_as(&(struct http_server_config){.connected = on_connected});

    (void)state;
    each_is_answered_in_its_turn(f, 1 << 20);
    each_is_answered_in_its_turn(f, 97);
    http_fixture_stop(f);
}

/* Reads until all of n bytes behind a head have come, then what follows into rest. */
static void read_big(int fd, char *rest, size_t size)
{
    char *all = mem_alloc(1, HTTP_BIG + 1025), *head_end;
    size_t len = 0, want = HTTP_BIG + 1024;
    ssize_t n;

    while (len < want && (n = recv(fd, all + len, want - len, 0)) > 0) {
        len += (size_t)n;
        head_end = strstr(all, "\r\n\r\n");
        if (head_end && len > (size_t)(head_end + 4 - all) + HTTP_BIG)
            break;
    }
    head_end = strstr(all, "\r\n\r\n");
    assert_non_null(head_end);
    assert_true(strstr(all, "Content-Length: 33554432\r\n") < head_end);
    assert_true(len > (size_t)(head_end + 4 - all) + HTTP_BIG);
    snprintf(rest, size, "%s", head_end + 4 + HTTP_BIG);
    free(all);
}

/* More than sockets hold, and another behind it. */
static void a_large_answer_arrives_whole(void **state)
{
    static const char requests[] =
        "GET /big HTTP/1.1\r\n" HOST "\r\nGET /a HTTP/1.1\r\n" HOST "\r\n";
    struct http_fixture *on_a_wire =
        http_fixture_start_as(&(struct http_server_config){.connected = on_connected});
    struct http_fixture *const fs[] = {*state, on_a_wire};
    char rest[512];

    for (size_t i = 0; i < ARRAY_LEN(fs); i++) {
        int fd = http_dial(fs[i]);

        http_put(fd, requests, sizeof(requests) - 1);
        read_big(fd, rest, sizeof(rest));
        assert_memory_equal(rest, "HTTP/1.1 200 ", 13);
        close(fd);
    }
    http_fixture_stop(on_a_wire);
}

static atomic_int sends_at_once;

static bool look_at_socket(void *arg, struct http_conn *conn, int fd, struct http_wire *wire)
{
    int on = 0;
    socklen_t len = sizeof(on);

    (void)arg;
    (void)conn;
    (void)wire;
    getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len);
    atomic_store(&sends_at_once, on);
    return true;
}

/* Or it would wait until the client's system confirms it, which may take 40 ms. */
static void an_answer_does_not_wait_for_the_one_before_to_be_confirmed(void **state)
{
    struct http_fixture *f =
        http_fixture_start_as(&(struct http_server_config){.connected = look_at_socket});
    int fd = http_dial(f);
    char buf[1024];

    (void)state;
    http_put(fd, "GET /a HTTP/1.1\r\n" HOST "\r\n", 28);
    http_get(fd, "GET /a 0", buf, sizeof(buf));
    assert_true(sends_at_once);
    close(fd);
    http_fixture_stop(f);
}

static void as_many_headers_as_there_may_be_arrive(void **state)
{
    enum { ALL = HTTP_HEADERS_MAX * (HTTP_WIDE + 10) };
    char buf[ALL + 1024];
    int fd = http_dial(*state);

    http_put(fd, "GET /heads HTTP/1.0\r\n\r\n", 23);
    http_get(fd, NULL, buf, sizeof(buf));
    assert_memory_equal(buf, "HTTP/1.1 204 No Content\r\n", 25);
    assert_in_range(strlen(buf), ALL, sizeof(buf) - 1);
    assert_null(strstr(buf, "Content-Length"));
    assert_string_equal(buf + strlen(buf) - 5, "v\r\n\r\n");
    close(fd);
}

static void who_stops_sending_still_gets_the_answer(void **state)
{
    static const char request[] = "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello";
    char buf[1024];
    int fd = http_dial(*state);

    http_put(fd, request, sizeof(request) - 1);
    shutdown(fd, SHUT_WR);
    assert_non_null(strstr(http_get(fd, "POST /a 5", buf, sizeof(buf)), "HTTP/1.1 200"));
    close(fd);
}

/* All in one packet: no other event tells the server that it was the last. */
static void who_ends_with_the_request_is_let_go_after_the_answer(void **state)
{
    static const struct {
        const char *request, *answer;
    } cases[] = {
        {"GET /a HTTP/1.1\r\n" HOST "\r\n",    "GET /a 0"   },
        {"GET /wait HTTP/1.1\r\n" HOST "\r\n", "GET /wait 0"},
    };
    struct http_fixture *f = *state;
    char buf[1024];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = http_dial(f), cork = 1;

        setsockopt(fd, IPPROTO_TCP, TCP_CORK, &cork, sizeof(cork));
        http_put(fd, cases[i].request, strlen(cases[i].request));
        shutdown(fd, SHUT_WR);
        if (i > 0) {
            http_wait_for(&f->n_held, 1);
            http_in_loop(f, http_release_all);
        }
        assert_non_null(strstr(http_get(fd, cases[i].answer, buf, sizeof(buf)), cases[i].answer));
        assert_int_equal(recv(fd, buf, sizeof(buf), 0), 0);
        close(fd);
    }
}

static void half_a_request_is_no_request(void **state)
{
    static const char *const halves[] = {
        "GET / HTTP/1.1\r\n" HOST, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhell"};
    struct http_fixture *f = *state;
    char buf[64];

    for (size_t i = 0; i < ARRAY_LEN(halves); i++) {
        int fd = http_dial(f);

        http_put(fd, halves[i], strlen(halves[i]));
        shutdown(fd, SHUT_WR);
        assert_int_equal(recv(fd, buf, sizeof(buf), 0), 0);
        close(fd);
    }
    assert_int_equal(f->n_handled, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, http_fixture_setup, http_fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stream_of_requests_is_answered_in_order),
        cmocka_unit_test(a_stream_over_another_wire_is_too),
        TEST(a_large_answer_arrives_whole),
        cmocka_unit_test(an_answer_does_not_wait_for_the_one_before_to_be_confirmed),
        TEST(as_many_headers_as_there_may_be_arrive),
        TEST(who_stops_sending_still_gets_the_answer),
        TEST(who_ends_with_the_request_is_let_go_after_the_answer),
        TEST(half_a_request_is_no_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
