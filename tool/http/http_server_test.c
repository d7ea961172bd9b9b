/* http_server_test.c - the server against raw sockets: hostile bytes, waiting, leaving, draining.
 */
#include "tool/http/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/mem.h"

enum { HELD_MAX = 1024, PATIENCE_MS = 20000 };

/* The server under test, in its own thread. Paths: /wait is held until release(); everything else
 * is answered with method, path and body length. */
struct fixture {
    struct loop *loop;
    struct http_server *server;
    pthread_t thread;
    int port;
    struct http_request *held[HELD_MAX];
    atomic_uint n_held, n_gone, n_handled;
};

struct errand {
    struct loop_task task;
    loop_fn fn;
    struct fixture *f;
};

static void echo(struct http_request *r)
{
    char text[256];
    size_t len;

    http_request_body(r, &len);
    snprintf(text, sizeof(text), "%s %s %zu", http_request_method(r), http_request_path(r), len);
    struct http_response res = {
        .status = 200, .body = text, .len = strlen(text), .content_type = "text/plain"};
    http_response_header(&res, "X-Evil", "a\r\nX-Injected: 1");
    http_respond(r, &res);
}

static void on_handle(void *arg, struct http_request *r)
{
    struct fixture *f = arg;

    atomic_fetch_add(&f->n_handled, 1);
    if (strcmp(http_request_path(r), "/wait") == 0)
        f->held[atomic_fetch_add(&f->n_held, 1)] = r;
    else
        echo(r);
}

static void on_refuse(void *arg, struct http_request *r, const struct problem *p, int http_status)
{
    struct http_response res = {.status = http_status, .body = p->code, .len = strlen(p->code)};

    (void)arg;
    http_respond(r, &res);
}

static void on_gone(void *arg, struct http_request *r)
{
    struct fixture *f = arg;

    for (unsigned i = 0; i < f->n_held; i++)
        if (f->held[i] == r)
            f->held[i] = NULL;
    atomic_fetch_add(&f->n_gone, 1);
}

static void release_all(void *arg)
{
    struct fixture *f = arg;
    unsigned n = atomic_load(&f->n_held);

    for (unsigned i = 0; i < n; i++)
        if (f->held[i])
            echo(f->held[i]);
    atomic_store(&f->n_held, 0);
}

static void stop_listening(void *arg)
{
    http_server_stop_listening(((struct fixture *)arg)->server);
}

static void run_errand(void *arg)
{
    struct errand *errand = arg;

    errand->fn(errand->f);
    free(errand);
}

static void in_loop(struct fixture *f, loop_fn fn)
{
    struct errand *errand = MEM_NEW(struct errand);

    *errand = (struct errand){
        .task = {.fn = run_errand, .arg = errand},
          .fn = fn, .f = f
    };
    loop_post(f->loop, &errand->task);
}

static void *run(void *arg)
{
    struct fixture *f = arg;

    loop_run(f->loop);
    http_server_destroy(f->server);
    return NULL;
}

static struct fixture *start(int head_timeout_ms, int body_timeout_ms)
{
    struct fixture *f = MEM_NEW(struct fixture);
    const char *why = "";

    f->loop = loop_create(&CLOCK_SYSTEM);
    f->server = http_server_create(
        &(struct http_server_config){
            .listen = "127.0.0.1:0",
            .loop = f->loop,
            .clock = &CLOCK_SYSTEM,
            .body_max = 1000,
            .head_max = 8192,
            .head_timeout_ms = head_timeout_ms,
            .body_timeout_ms = body_timeout_ms,
            .handle = on_handle,
            .refuse = on_refuse,
            .gone = on_gone,
            .arg = f,
        },
        &why);
    if (!f->server)
        fail_msg("%s", why);
    f->port = http_server_port(f->server);
    pthread_create(&f->thread, NULL, run, f);
    return f;
}

static void stop(struct fixture *f)
{
    loop_stop(f->loop);
    pthread_join(f->thread, NULL);
    loop_destroy(f->loop);
    free(f);
}

static int setup(void **state)
{
    *state = start(60000, 60000);
    return 0;
}

static int teardown(void **state)
{
    stop(*state);
    return 0;
}

static int dial(const struct fixture *f)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)f->port),
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE_MS / 1000};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0)
        fail_msg("connect: %s", strerror(errno));
    return fd;
}

static void put(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return; /* refused early: the answer is there to be read */
        data += n;
        len -= (size_t)n;
    }
}

/* All there is until the peer closes, or until the buffer holds `until`. */
static char *get(int fd, const char *until, char *buf, size_t size)
{
    size_t len = 0;
    ssize_t n;

    buf[0] = '\0';
    while (len + 1 < size && (n = recv(fd, buf + len, size - 1 - len, 0)) > 0) {
        len += (size_t)n;
        buf[len] = '\0';
        if (until && strstr(buf, until))
            break;
    }
    return buf;
}

static void wait_for(atomic_uint *counter, unsigned want)
{
    for (int i = 0; i < PATIENCE_MS / 5 && atomic_load(counter) < want; i++)
        usleep(5000);
    assert_true(atomic_load(counter) >= want);
}

#define HOST "Host: a\r\n"
#define LENGTH_0 "Content-Length: 0\r\n"
#define SMUGGLED "GET /smuggled HTTP/1.1\r\n" HOST "\r\n"

static void a_broken_head_is_refused_and_the_connection_closed(void **state)
{
    static const struct {
        const char *why, *request, *want; /* how the answer starts; "" = closed without one */
    } cases[] = {
        {"no Host",                   "GET / HTTP/1.1\r\n\r\n" SMUGGLED,                                        "HTTP/1.1 400"},
        {"two Hosts",                 "GET / HTTP/1.1\r\n" HOST HOST "\r\n" SMUGGLED,                           "HTTP/1.1 400"},
        {"bad Host",                  "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" SMUGGLED,                           "HTTP/1.1 400"},
        {"HTTP/2.0",                  "GET / HTTP/2.0\r\n" HOST "\r\n",                                         "HTTP/1.1 505"},
        {"h2 preface",                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                                       "HTTP/1.1 505"},
        {"TLS hello",                 "\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03\r\n\r\n",                       ""            },
        {"two lengths",               "POST / HTTP/1.1\r\n" HOST LENGTH_0 "Content-Length: 5\r\n\r\n" SMUGGLED,
         "HTTP/1.1 400"                                                                                                       },
        {"the same length twice",     "POST / HTTP/1.1\r\n" HOST LENGTH_0 LENGTH_0 "\r\n" SMUGGLED,
         "HTTP/1.1 400"                                                                                                       },
        {"length and chunked",
         "POST / HTTP/1.1\r\n" HOST LENGTH_0 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
         "HTTP/1.1 400"                                                                                                       },
        {"gzip",                      "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n",             "HTTP/1.1 501"},
        {"xchunked",                  "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n",
         "HTTP/1.1 501"                                                                                                       },
        {"chunked not last",          "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, gzip\r\n\r\n",
         "HTTP/1.1 400"                                                                                                       },
        {"chunked in 1.0",            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         " 400"                                                                                                               },
        {"space before the colon",    "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n",
         "HTTP/1.1 400"                                                                                                       },
        {"negative length",           "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n",
         "HTTP/1.1 400"                                                                                                       },
        {"signed length",             "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\nhello",
         "HTTP/1.1 400"                                                                                                       },
        {"list of lengths",           "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\nhello",
         "HTTP/1.1 400"                                                                                                       },
        {"length of 10^20",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 100000000000000000000\r\n\r\n",
         "HTTP/1.1 413"                                                                                                       },
        {"length over the limit",     "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n",
         "HTTP/1.1 413"                                                                                                       },
        {"the same, asking first",
         "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n",
         "HTTP/1.1 413"                                                                                                       },
        {"bad chunk size",
         "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
         "HTTP/1.1 400"                                                                                                       },
        {"chunk size over 16 digits",
         "POST / HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n",                           "HTTP/1.1 4"  },
        {"no colon",                  "GET / HTTP/1.1\r\n" HOST "nonsense\r\n\r\n",                             "HTTP/1.1 400"},
        {"control byte in a value",
         "GET / HTTP/1.1\r\n" HOST "X: a\x01"
         "b\r\n\r\n",                                                                                           "HTTP/1.1 400"},
        {"method that is no token",   "G@T / HTTP/1.1\r\n" HOST "\r\n",                                         "HTTP/1.1 400"},
        {"endless method",            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n" HOST "\r\n",
         "HTTP/1.1 501"                                                                                                       },
    };
    struct fixture *f = *state;
    char buf[4096];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = dial(f);

        put(fd, cases[i].request, strlen(cases[i].request));
        get(fd, NULL, buf, sizeof(buf));
        if (!strstr(buf, cases[i].want) || strstr(buf, "smuggled") || strstr(buf, " 100 "))
            fail_msg("%s: got '%s'", cases[i].why, buf);
        close(fd);
    }
    assert_int_equal(f->n_handled, 0);
}

static void a_sound_request_is_answered(void **state)
{
    static const struct {
        const char *why, *request, *want, *end; /* end: of the last answer expected */
    } cases[] = {
        {"GET",                                "GET /a?b=c HTTP/1.1\r\n" HOST "\r\n",                        "GET /a 0",        NULL       },
        {"percent is left alone",              "GET /a%2fb%00 HTTP/1.1\r\n" HOST "\r\n",                     "GET /a%2fb%00 0",
         NULL                                                                                                                              },
        {"HTTP/1.0 closes",                    "GET /a HTTP/1.0\r\n\r\n",                                    "GET /a 0",        NULL       },
        {"HTTP/1.0 keep-alive",                "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",          "GET /a 0",
         NULL                                                                                                                              },
        {"POST",                               "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "POST /a 5",       NULL       },
        {"chunked with extension and trailer",
         "POST /a HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n",                            "POST /a 5",       NULL       },
        {"asks first",
         "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
         "HTTP/1.1 100",                                                                                                        "POST /a 5"},
        {"GET with a body, then another",
         "GET /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n" HOST "\r\n",
         "GET /a 5",                                                                                                            "GET /b 0" },
        {"three at once",
         "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\nGET /c HTTP/1.1\r\n" HOST
         "\r\n",                                                                                             "GET /a 0",        "GET /c 0" },
        {"unknown expectation",                "GET /a HTTP/1.1\r\n" HOST "Expect: fish\r\n\r\n",            "GET /a 0",
         NULL                                                                                                                              },
        {"upgrade is ignored",
         "GET /a HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",                           "GET /a 0",
         NULL                                                                                                                              },
        {"OPTIONS *",                          "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",                         "OPTIONS * 0",     NULL       },
    };
    char buf[4096];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = dial(*state);

        put(fd, cases[i].request, strlen(cases[i].request));
        get(fd, cases[i].end ? cases[i].end : cases[i].want, buf, sizeof(buf));
        if (!strstr(buf, cases[i].want) || strstr(buf, "X-Injected"))
            fail_msg("%s: got '%s'", cases[i].why, buf);
        close(fd);
    }
}

static void a_head_may_come_byte_by_byte(void **state)
{
    static const char request[] = "GET /slow HTTP/1.1\r\n" HOST "\r\n";
    char buf[1024];
    int fd = dial(*state);

    for (size_t i = 0; i < sizeof(request) - 1; i++)
        put(fd, request + i, 1);
    assert_non_null(strstr(get(fd, "GET /slow 0", buf, sizeof(buf)), " 200 "));
    close(fd);
}

static void head_is_answered_without_a_body(void **state)
{
    char buf[1024];
    int fd = dial(*state);

    put(fd, "HEAD /a HTTP/1.0\r\n\r\n", 20);
    get(fd, NULL, buf, sizeof(buf));
    assert_non_null(strstr(buf, "Content-Length: 9\r\n"));
    assert_string_equal(strstr(buf, "\r\n\r\n"), "\r\n\r\n");
    close(fd);
}

static void an_oversized_head_is_refused(void **state)
{
    static const struct {
        size_t size;
        const char *want; /* one of these numbers */
    } cases[] = {
        {7000,  "200"},
        {9000,  "431"},
        {11000, "431"},
        {40000, "431"}
    };
    char *request = mem_alloc(1, 50000), buf[4096];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = dial(*state);
        int len = snprintf(request, 50000, "GET / HTTP/1.1\r\n" HOST "X: %0*d\r\n\r\n",
                           (int)cases[i].size, 0);

        put(fd, request, (size_t)len);
        get(fd, "\r\n\r\n", buf, sizeof(buf));
        if (strncmp(buf + 9, cases[i].want, 3) != 0)
            fail_msg("head of %zu bytes: got '%s'", cases[i].size, buf);
        close(fd);
    }
    free(request);
}

static void a_chunked_body_over_the_limit_is_413_and_bounded(void **state)
{
    static const char head[] = "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n";
    char chunk[256], buf[4096];
    int fd = dial(*state);
    int len = snprintf(chunk, sizeof(chunk), "64\r\n%0100d\r\n", 0);

    put(fd, head, sizeof(head) - 1);
    for (int i = 0; i < 50; i++)
        put(fd, chunk, (size_t)len);
    put(fd, "0\r\n\r\n", 5);
    assert_non_null(strstr(get(fd, "too_large", buf, sizeof(buf)), "HTTP/1.1 413"));
    close(fd);

    fd = dial(*state);
    put(fd, head, sizeof(head) - 1);
    for (int i = 0; i < 2000; i++)
        put(fd, chunk, (size_t)len);
    assert_string_equal(get(fd, NULL, buf, sizeof(buf)), ""); /* cut */
    close(fd);
}

static void a_client_sending_a_large_body_still_reads_its_413(void **state)
{
    enum { BODY = 1 << 20 };
    char *body = mem_alloc(1, BODY), head[128], buf[4096];
    int len =
        snprintf(head, sizeof(head), "POST / HTTP/1.1\r\n" HOST "Content-Length: %d\r\n\r\n", BODY);

    for (int i = 0; i < 8; i++) {
        int fd = dial(*state);

        put(fd, head, (size_t)len);
        put(fd, body, BODY);
        assert_non_null(strstr(get(fd, "too_large", buf, sizeof(buf)), "HTTP/1.1 413"));
        close(fd);
    }
    free(body);
}

static void many_waiting_requests_are_all_answered(void **state)
{
    enum { N = 1000 };
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct fixture *f = *state;
    int *fds = mem_alloc(N, sizeof(*fds));
    char buf[1024];

    for (int i = 0; i < N; i++)
        fds[i] = dial(f);
    for (int round = 0; round < 3; round++) {
        int n = round == 0 ? 256 : N;

        for (int i = 0; i < n; i++)
            put(fds[i], request, sizeof(request) - 1);
        wait_for(&f->n_held, (unsigned)n);
        in_loop(f, release_all);
        for (int i = 0; i < n; i++)
            assert_non_null(strstr(get(fds[i], "GET /wait 0", buf, sizeof(buf)), " 200 "));
    }
    for (int i = 0; i < N; i++)
        close(fds[i]);
    free(fds);
}

static void pipelined_requests_wait_one_after_the_other(void **state)
{
    enum { N = 30 };
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct fixture *f = *state;
    char buf[1024];
    int fd = dial(f);

    for (int i = 0; i < N; i++)
        put(fd, request, sizeof(request) - 1);
    for (int i = 0; i < N; i++) {
        wait_for(&f->n_held, 1);
        assert_int_equal(f->n_held, 1);
        in_loop(f, release_all);
        assert_non_null(strstr(get(fd, "GET /wait 0", buf, sizeof(buf)), " 200 "));
    }
    close(fd);
}

static void a_client_that_left_is_found(void **state)
{
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct fixture *f = *state;
    int fds[20];

    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = dial(f);
        put(fds[i], request, sizeof(request) - 1);
    }
    wait_for(&f->n_held, ARRAY_LEN(fds));
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        close(fds[i]);
    wait_for(&f->n_gone, ARRAY_LEN(fds));
}

static void slow_clients_are_cut_but_waiting_ones_are_not(void **state)
{
    struct fixture *f = start(500, 500);
    char buf[1024];
    int head = dial(f), body = dial(f), waiting = dial(f), silent = dial(f);

    (void)state;
    put(waiting, "GET /wait HTTP/1.1\r\n" HOST "\r\n", 31);
    put(head, "GET / HTTP/1.1\r\nHo", 18);
    put(body, "POST / HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nab", 49);
    assert_string_equal(get(head, NULL, buf, sizeof(buf)), "");
    assert_string_equal(get(body, NULL, buf, sizeof(buf)), "");
    assert_string_equal(get(silent, NULL, buf, sizeof(buf)), "");
    wait_for(&f->n_held, 1);
    in_loop(f, release_all);
    assert_non_null(strstr(get(waiting, "GET /wait 0", buf, sizeof(buf)), " 200 "));
    close(head);
    close(body);
    close(silent);
    close(waiting);
    stop(f);
}

static void stopping_answers_everyone_who_waits(void **state)
{
    enum { N = 200 };
    static const char request[] = "GET /wait HTTP/1.1\r\n" HOST "\r\n";
    struct fixture *f = start(60000, 60000);
    char buf[1024];
    int fds[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        fds[i] = dial(f);
        put(fds[i], request, sizeof(request) - 1);
    }
    wait_for(&f->n_held, N);
    stop(f);
    for (int i = 0; i < N; i++) {
        assert_non_null(strstr(get(fds[i], NULL, buf, sizeof(buf)), "HTTP/1.1 503"));
        assert_non_null(strstr(buf, "Connection: close"));
        close(fds[i]);
    }
}

static void draining_finishes_what_has_begun(void **state)
{
    struct fixture *f = *state;
    char buf[1024];
    int fd = dial(f);

    put(fd, "GET /wait HTTP/1.1\r\n" HOST "\r\n", 31);
    wait_for(&f->n_held, 1);
    in_loop(f, stop_listening);
    for (int refused = 0; !refused; usleep(5000)) {
        struct sockaddr_in addr = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)f->port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        int late = socket(AF_INET, SOCK_STREAM, 0);

        refused = connect(late, (struct sockaddr *)&addr, sizeof(addr)) != 0;
        close(late);
    }
    in_loop(f, release_all);
    get(fd, NULL, buf, sizeof(buf));
    assert_non_null(strstr(buf, "HTTP/1.1 200"));
    assert_non_null(strstr(buf, "Connection: close"));
    close(fd);
}

static void a_busy_port_is_named(void **state)
{
    struct fixture *f = *state;
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

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_broken_head_is_refused_and_the_connection_closed),
        TEST(a_sound_request_is_answered),
        TEST(a_head_may_come_byte_by_byte),
        TEST(head_is_answered_without_a_body),
        TEST(an_oversized_head_is_refused),
        TEST(a_chunked_body_over_the_limit_is_413_and_bounded),
        TEST(a_client_sending_a_large_body_still_reads_its_413),
        TEST(many_waiting_requests_are_all_answered),
        TEST(pipelined_requests_wait_one_after_the_other),
        TEST(a_client_that_left_is_found),
        cmocka_unit_test(slow_clients_are_cut_but_waiting_ones_are_not),
        cmocka_unit_test(stopping_answers_everyone_who_waits),
        TEST(draining_finishes_what_has_begun),
        TEST(a_busy_port_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
