/* http_message_test.c - sound requests as raw bytes, and what the server makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/tool/http/http_fixture.h"
#include "tool/core/mem.h"

static void a_sound_request_is_answered(void **state)
{
    static const struct {
        const char *why, *request, *want, *end; /* end: of the last answer expected */
    } cases[] = {
        {"GET",                           "GET /a?b=c HTTP/1.1\r\n" HOST "\r\n",                        "GET /a 0",        NULL      },
        {"percent is left alone",         "GET /a%2fb%00 HTTP/1.1\r\n" HOST "\r\n",                     "GET /a%2fb%00 0",
         NULL                                                                                                                        },
        {"HTTP/1.0 closes",               "GET /a HTTP/1.0\r\n\r\n",                                    "GET /a 0",        NULL      },
        {"HTTP/1.0 keep-alive",           "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",          "GET /a 0",
         NULL                                                                                                                        },
        {"POST",                          "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "POST /a 5",       NULL      },
        {"chunked with trailer",
         "POST /a HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",                           "POST /a 5",       NULL      },
        {"chunked with extension",
         "POST /a HTTP/1.1\r\n" HOST
         "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n",                               "POST /a 5",       NULL      },
        {"GET with a body, then another",
         "GET /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhelloGET /b HTTP/1.1\r\n" HOST "\r\n",
         "GET /a 5",                                                                                                       "GET /b 0"},
        {"three at once",
         "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\nGET /c HTTP/1.1\r\n" HOST
         "\r\n",                                                                                        "GET /a 0",        "GET /c 0"},
        {"upgrade is ignored",
         "GET /a HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n",                      "GET /a 0",
         NULL                                                                                                                        },
        {"OPTIONS *",                     "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",                         "OPTIONS * 0",     NULL      },
    };
    char buf[4096];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = http_dial(*state);

        http_put(fd, cases[i].request, strlen(cases[i].request));
        http_get(fd, cases[i].end ? cases[i].end : cases[i].want, buf, sizeof(buf));
        if (!strstr(buf, cases[i].want) || strstr(buf, "X-Injected"))
            fail_msg("%s: got '%s'", cases[i].why, buf);
        close(fd);
    }
}

static void who_asks_before_sending_is_told_to_go_on(void **state)
{
    char buf[1024];
    const char *head =
        "POST /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    int fd = http_dial(*state);

    http_put(fd, head, strlen(head));
    assert_non_null(strstr(http_get(fd, "\r\n\r\n", buf, sizeof(buf)), "HTTP/1.1 100"));
    http_put(fd, "hello", 5);
    assert_non_null(strstr(http_get(fd, "POST /a 5", buf, sizeof(buf)), "POST /a 5"));
    close(fd);
}

static void headers_of_one_name_are_one_list(void **state)
{
    static const struct {
        const char *why, *request, *want;
    } cases[] = {
        {"none",          "",                                                         "list <none>"         },
        {"one",           "x-list: a, b\r\n",                                         "list <a, b>"         },
        {"one too long",  "X-List: abcdefghijklm\r\n",                                "list <abcdefghijklm>"},
        {"several",       "X-List: a\r\nX-Listen: y\r\nX-LIST: b,c\r\nX-List: d\r\n", "list <a,b,c,d>"      },
        {"an empty one",  "X-List: \r\nX-List: b\r\n",                                "list <b>"            },
        {"no room for b", "X-List: aaaaaa\r\nX-List: bbbbbb\r\nX-List: cccc\r\n",
         "list <aaaaaa,cccc>"                                                                               },
    };
    char request[256], buf[1024];

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = http_dial(*state);

        snprintf(request, sizeof(request), "GET /list HTTP/1.0\r\n%s\r\n", cases[i].request);
        http_put(fd, request, strlen(request));
        if (!strstr(http_get(fd, NULL, buf, sizeof(buf)), cases[i].want))
            fail_msg("%s: got '%s'", cases[i].why, buf);
        close(fd);
    }
}

static void a_head_may_come_byte_by_byte(void **state)
{
    static const char request[] = "GET /slow HTTP/1.1\r\n" HOST "\r\n";
    char buf[1024];
    int fd = http_dial(*state);

    for (size_t i = 0; i < sizeof(request) - 1; i++)
        http_put(fd, request + i, 1);
    assert_non_null(strstr(http_get(fd, "GET /slow 0", buf, sizeof(buf)), " 200 "));
    close(fd);
}

static void head_is_answered_without_a_body(void **state)
{
    char buf[1024];
    int fd = http_dial(*state);

    http_put(fd, "HEAD /a HTTP/1.0\r\n\r\n", 20);
    http_get(fd, NULL, buf, sizeof(buf));
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
        int fd = http_dial(*state);
        int len = snprintf(request, 50000, "GET / HTTP/1.1\r\n" HOST "X: %0*d\r\n\r\n",
                           (int)cases[i].size, 0);

        http_put(fd, request, (size_t)len);
        http_get(fd, "\r\n\r\n", buf, sizeof(buf));
        if (strncmp(buf + 9, cases[i].want, 3) != 0)
            fail_msg("head of %zu bytes: got '%s'", cases[i].size, buf);
        close(fd);
    }
    free(request);
}

/* HTTP/1.0 has no chunks (RFC 9112 6.1). The head may be as large as that of any answer. */
static void a_stream_is_framed_as_its_version_has_it(void **state)
{
    enum { ALL = HTTP_HEADERS_MAX * (HTTP_WIDE + 10) };
    static const struct {
        const char *why, *request, *body;
        bool chunked, closes;
    } cases[] = {
        {"HTTP/1.1",            "GET /stream HTTP/1.1\r\n" HOST "\r\n",                      "5\r\npiece\r\n0\r\n\r\n", true,
         false                                                                                                                     },
        {"HTTP/1.1 that ends",  "GET /stream HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
         "5\r\npiece\r\n0\r\n\r\n",                                                                                     true,  true},
        {"HTTP/1.0",            "GET /stream HTTP/1.0\r\n\r\n",                              "piece",                   false, true},
        {"HTTP/1.0 keep-alive", "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",    "piece",
         false,                                                                                                                true},
    };
    char buf[ALL + 1024], *body;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int fd = http_dial(*state);

        http_put(fd, cases[i].request, strlen(cases[i].request));
        http_get(fd, cases[i].closes ? NULL : "\r\n0\r\n\r\n", buf, sizeof(buf));
        body = strstr(buf, "\r\n\r\n");
        if (!body || body < buf + ALL || strcmp(body + 4, cases[i].body) != 0 ||
            !strstr(buf, "Transfer-Encoding: chunked\r\n") == cases[i].chunked ||
            !strstr(buf, "Connection: close\r\n") == cases[i].closes)
            fail_msg("%s: got '%s'", cases[i].why, buf);
        close(fd);
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, http_fixture_setup, http_fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_asks_before_sending_is_told_to_go_on), TEST(a_sound_request_is_answered),
        TEST(headers_of_one_name_are_one_list),         TEST(a_head_may_come_byte_by_byte),
        TEST(head_is_answered_without_a_body),          TEST(an_oversized_head_is_refused),
        TEST(a_stream_is_framed_as_its_version_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
