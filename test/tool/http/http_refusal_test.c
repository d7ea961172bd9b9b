/* http_refusal_test.c - hostile bytes over a socket: refused, and nothing behind them runs. */
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

#define GET "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define LENGTH_0 "Content-Length: 0\r\n"
#define SMUGGLED "GET /smuggled HTTP/1.1\r\n" HOST "\r\n"
#define BYTES(text) text SMUGGLED, sizeof(text SMUGGLED) - 1

static const struct {
    const char *why, *request;
    size_t len;
    int want;
} REFUSED[] = {
    {"no Host",                    BYTES(GET "\r\n"),                                                            400},
    {"two Hosts",                  BYTES(GET HOST HOST "\r\n"),                                                  400},
    {"a Host with a path",         BYTES(GET "Host: a/b\r\n\r\n"),                                               400},
    {"a Host with a bad port",     BYTES(GET "Host: a:b\r\n\r\n"),                                               400},
    {"a Host of half brackets",    BYTES(GET "Host: [::1\r\n\r\n"),                                              400},
    {"HTTP/2.0",                   BYTES("GET / HTTP/2.0\r\n" HOST "\r\n"),                                      505},
    {"h2 preface",                 BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),                                    505},
    {"HTTP/0.9",                   BYTES("GET /\r\n\r\n"),                                                       400},
    {"TLS hello",                  BYTES("\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03\r\n\r\n"),                    400},
    {"garbage",                    BYTES("\x80\xff\r\n\r\n"),                                                    400},
    {"two lengths",                BYTES(POST LENGTH_0 "Content-Length: 5\r\n\r\n"),                             400},
    {"the same length twice",      BYTES(POST LENGTH_0 LENGTH_0 "\r\n"),                                         400},
    {"length and chunked",         BYTES(POST LENGTH_0 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),           400},
    {"length and a folded coding",
     BYTES(POST "Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),                         400},
    {"gzip",                       BYTES(POST "Transfer-Encoding: gzip\r\n\r\n"),                                501},
    {"xchunked",                   BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n"),                            501},
    {"chunked not last",           BYTES(POST "Transfer-Encoding: chunked, gzip\r\n\r\n"),                       400},
    {"chunked in 1.0",             BYTES("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400                                                                                                            },
    {"space before the colon",     BYTES(GET HOST "Transfer-Encoding : chunked\r\n\r\n"),                        400},
    {"negative length",            BYTES(POST "Content-Length: -1\r\n\r\n"),                                     400},
    {"signed length",              BYTES(POST "Content-Length: +5\r\n\r\nhello"),                                400},
    {"list of lengths",            BYTES(POST "Content-Length: 5, 5\r\n\r\nhello"),                              400},
    {"NUL behind a length",
     BYTES(POST "Content-Length: 0\0"
                "5\r\n\r\nhello"),
     400                                                                                                            },
    {"NUL in a value",             BYTES(GET HOST "X: b\0c\r\n\r\n"),                                            400},
    {"NUL in the target",          BYTES("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"),                                  400},
    {"space in the target",        BYTES("GET /a b HTTP/1.1\r\n" HOST "\r\n"),                                   400},
    {"fragment in the target",     BYTES("GET /a#b HTTP/1.1\r\n" HOST "\r\n"),                                   400},
    {"8 bits in the target",       BYTES("GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"),                              400},
    {"CONNECT",                    BYTES("CONNECT a:80 HTTP/1.1\r\n" HOST "\r\n"),                               400},
    {"length of 10^20",            BYTES(POST "Content-Length: 100000000000000000000\r\n\r\n"),                  413},
    {"length over the limit",      BYTES(POST "Content-Length: 1001\r\n\r\n"),                                   413},
    {"the same, asking first",     BYTES(POST "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n"),
     413                                                                                                            },
    {"chunk over the limit",       BYTES(CHUNKED "3e9\r\n"),                                                     413},
    {"bad chunk size",             BYTES(CHUNKED "zz\r\nhello\r\n0\r\n\r\n"),                                    400},
    {"chunk size over 16 digits",  BYTES(CHUNKED "00000000000000005\r\nhello\r\n0\r\n\r\n"),                     400},
    {"chunk longer than its size", BYTES(CHUNKED "4\r\nhello\r\n0\r\n\r\n"),                                     400},
    {"chunk with bare LF",         BYTES(CHUNKED "5\nhello\r\n0\r\n\r\n"),                                       400},
    {"trailer without a name",     BYTES(CHUNKED "5\r\nhello\r\n0\r\n: x\r\n\r\n"),                              400},
    {"folded header",              BYTES(GET HOST "X: a\r\n b\r\n\r\n"),                                         400},
    {"no colon",                   BYTES(GET HOST "nonsense\r\n\r\n"),                                           400},
    {"empty name",                 BYTES(GET HOST ": x\r\n\r\n"),                                                400},
    {"control byte in a value",
     BYTES(GET HOST "X: a\x01"
                    "b\r\n\r\n"),
     400                                                                                                            },
    {"bare LF",                    BYTES(GET "Host: a\n\n"),                                                     400},
    {"bare CR",                    BYTES(GET HOST "X: a\rb\r\n\r\n"),                                            400},
    {"unknown expectation",        BYTES(GET HOST "Expect: fish\r\n\r\n"),                                       417},
    {"method that is no token",    BYTES("G@T / HTTP/1.1\r\n" HOST "\r\n"),                                      400},
    {"endless method",             BYTES("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n" HOST "\r\n"),
     501                                                                                                            },
    {"two Authorizations",
     BYTES(GET HOST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"),                               400},
};

static void what_is_not_exactly_right_is_refused_and_the_connection_closed(void **state)
{
    struct http_fixture *f = *state;
    char buf[4096], want[16];

    for (size_t i = 0; i < ARRAY_LEN(REFUSED); i++) {
        int fd = http_dial(f);

        snprintf(want, sizeof(want), "HTTP/1.1 %d ", REFUSED[i].want);
        http_put(fd, REFUSED[i].request, REFUSED[i].len);
        http_get(fd, NULL, buf, sizeof(buf));
        if (strstr(buf, want) != buf || strstr(buf + 1, "HTTP/1.1") ||
            !strstr(buf, "Connection: close"))
            fail_msg("%s: got '%s'", REFUSED[i].why, buf);
        close(fd);
    }
    assert_int_equal(f->n_handled, 0);
}

/* Sends more again and again until the answer or the end comes; whether the answer is the one. */
static bool is_answered(int fd, const char *more, size_t most, const char *want)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    char buf[4096];

    for (size_t sent = 0; sent < most && poll(&readable, 1, 0) == 0; sent += strlen(more))
        http_put(fd, more, strlen(more));
    return strstr(http_get(fd, NULL, buf, sizeof(buf)), want) == buf;
}

static void nothing_goes_on_without_end(void **state)
{
    static const struct {
        const char *why, *begin, *more, *want;
    } cases[] = {
        {"target",           "GET /",            "aaaaaaaaaaaaaaaa",           "HTTP/1.1 414"},
        {"header",           GET HOST "X: ",     "aaaaaaaaaaaaaaaa",           "HTTP/1.1 431"},
        {"headers",          GET HOST,           "a: b\r\n",                   "HTTP/1.1 431"},
        {"chunk extension",  CHUNKED "5",        ";aaaaaaaaaaaaaa",            "HTTP/1.1 413"},
        {"chunk extensions", CHUNKED,            "1;aaaaaaaaaaaaaaa\r\nx\r\n", "HTTP/1.1 413"},
        {"trailer",          CHUNKED "0\r\nX: ", "aaaaaaaaaaaaaaaa",           "HTTP/1.1 431"},
        {"trailers",         CHUNKED "0\r\n",    "a: b\r\n",                   "HTTP/1.1 431"},
        {"chunks",           CHUNKED,            "5\r\nhello\r\n",             "HTTP/1.1 413"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = http_dial(*state);

        http_put(fd, cases[i].begin, strlen(cases[i].begin));
        if (!is_answered(fd, cases[i].more, 1 << 20, cases[i].want))
            fail_msg("%s: not %s", cases[i].why, cases[i].want);
        close(fd);
    }
}

/* All of it is sent before anything is read, as most clients do. */
static void who_sends_too_much_still_reads_its_413(void **state)
{
    static const char *const heads[] = {POST "Content-Length: 10485760\r\n\r\n",
                                        CHUNKED "A00000\r\n"};
    enum { BODY = 10 << 20 };
    char *body = mem_alloc(1, BODY), buf[4096];

    for (int i = 0; i < 8; i++) {
        int fd = http_dial(*state);

        http_put(fd, heads[i % 2], strlen(heads[i % 2]));
        http_put(fd, body, BODY);
        assert_non_null(strstr(http_get(fd, "too_large", buf, sizeof(buf)), "HTTP/1.1 413"));
        close(fd);
    }
    free(body);
}

/* More than linger at a time: each has its answer, and the server goes on. */
static void many_may_be_refused_at_once(void **state)
{
    enum { N = 200 };
    static const char request[] = POST "Content-Length: 5000\r\n\r\nhello";
    int fds[N];
    char buf[4096];

    for (int i = 0; i < N; i++) {
        fds[i] = http_dial(*state);
        http_put(fds[i], request, sizeof(request) - 1);
    }
    for (int i = 0; i < N; i++)
        assert_non_null(strstr(http_get(fds[i], "too_large", buf, sizeof(buf)), "HTTP/1.1 413"));
    for (int i = 0; i < N; i++)
        close(fds[i]);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, http_fixture_setup, http_fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_not_exactly_right_is_refused_and_the_connection_closed),
        TEST(nothing_goes_on_without_end),
        TEST(who_sends_too_much_still_reads_its_413),
        TEST(many_may_be_refused_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
