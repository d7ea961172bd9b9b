/* http_reader_test.c - what a request is, wherever the network cuts it in pieces. */
#include "tool/http/http_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

#define A "Host: a\r\n"
#define GET "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\n" A
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define BYTES(text) text, sizeof(text) - 1

static const struct http_bounds BOUNDS = {
    .limits = {.head_max = 300, .body_max = 50}
};

/* want: "METHOD target body", or the status it is refused with; followed by what is not its own. */
static const struct {
    const char *why, *bytes;
    size_t len;
    const char *want;
} CASES[] = {
    {"plain",                       BYTES(GET A "\r\nrest"),                                                    "GET / <> +4"       },
    {"query",                       BYTES("GET /a?b=%zz HTTP/1.1\r\n" A "\r\n"),                                "GET /a?b=%zz <> +0"},
    {"empty line first",            BYTES("\r\n" GET A "\r\n"),                                                 "GET / <> +0"       },
    {"two empty lines first",       BYTES("\r\n\r\n" GET A "\r\n"),                                             "400"               },
    {"HTTP/1.0",                    BYTES("GET / HTTP/1.0\r\n\r\n"),                                            "GET / <> +0"       },
    {"a later minor version",       BYTES("GET / HTTP/1.7\r\n" A "\r\n"),                                       "GET / <> +0"       },
    {"HTTP/2.0",                    BYTES("GET / HTTP/2.0\r\n" A "\r\n"),                                       "505"               },
    {"h2 preface",                  BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),                                  "505"               },
    {"HTTP/0.9",                    BYTES("GET /\r\n"),                                                         "400"               },
    {"no such version",             BYTES("GET / HTTP/11\r\n" A "\r\n"),                                        "400"               },
    {"lower case version",          BYTES("GET / http/1.1\r\n" A "\r\n"),                                       "400"               },
    {"two blanks",                  BYTES("GET  / HTTP/1.1\r\n" A "\r\n"),                                      "400"               },
    {"a blank in the target",       BYTES("GET /a b HTTP/1.1\r\n" A "\r\n"),                                    "400"               },
    {"a blank at the end",          BYTES("GET / HTTP/1.1 \r\n" A "\r\n"),                                      "400"               },
    {"a tab between",               BYTES("GET\t/ HTTP/1.1\r\n" A "\r\n"),                                      "400"               },
    {"no target",                   BYTES("GET HTTP/1.1\r\n" A "\r\n"),                                         "400"               },
    {"bare LF after the line",      BYTES("GET / HTTP/1.1\n" A "\r\n"),                                         "400"               },
    {"bare LF after a field",       BYTES(GET "Host: a\n\r\n"),                                                 "400"               },
    {"bare LF at the end",          BYTES(GET A "\n"),                                                          "400"               },
    {"bare CR in a value",          BYTES(GET A "X: a\rb\r\n\r\n"),                                             "400"               },
    {"CR CR LF",                    BYTES(GET A "X: a\r\r\n\r\n"),                                              "400"               },
    {"NUL in the method",           BYTES("G\0T / HTTP/1.1\r\n" A "\r\n"),                                      "400"               },
    {"NUL in the target",           BYTES("GET /\0x HTTP/1.1\r\n" A "\r\n"),                                    "400"               },
    {"NUL in a name",               BYTES(GET A "X\0Y: a\r\n\r\n"),                                             "400"               },
    {"NUL in a value",              BYTES(GET A "X: a\0b\r\n\r\n"),                                             "400"               },
    {"NUL behind a length",         BYTES(POST "Content-Length: 1\0\r\n\r\nx"),                                 "400"               },
    {"a control in a value",        BYTES(GET A "X: \x01\r\n\r\n"),                                             "400"               },
    {"DEL in a value",              BYTES(GET A "X: \x7f\r\n\r\n"),                                             "400"               },
    {"8 bits in a value",           BYTES(GET A "X: \xc3\xa9\r\n\r\n"),                                         "GET / <> +0"       },
    {"8 bits in the target",        BYTES("GET /\xc3\xa9 HTTP/1.1\r\n" A "\r\n"),                               "400"               },
    {"a fragment",                  BYTES("GET /#x HTTP/1.1\r\n" A "\r\n"),                                     "400"               },
    {"an absolute target",          BYTES("GET http://b:80/c?d HTTP/1.1\r\n" A "\r\n"),                         "GET /c?d <> +0"    },
    {"one without a path",          BYTES("GET http://b HTTP/1.1\r\n" A "\r\n"),                                "GET / <> +0"       },
    {"one with a query alone",      BYTES("GET http://b?d HTTP/1.1\r\n" A "\r\n"),                              "GET /?d <> +0"     },
    {"one of a bad host",           BYTES("GET http://b:c/ HTTP/1.1\r\n" A "\r\n"),                             "400"               },
    {"one of a user",               BYTES("GET http://u@b/ HTTP/1.1\r\n" A "\r\n"),                             "400"               },
    {"one of no host",              BYTES("GET http:///b HTTP/1.1\r\n" A "\r\n"),                               "400"               },
    {"another scheme",              BYTES("GET ftp://b/ HTTP/1.1\r\n" A "\r\n"),                                "400"               },
    {"OPTIONS *",                   BYTES("OPTIONS * HTTP/1.1\r\n" A "\r\n"),                                   "OPTIONS * <> +0"   },
    {"GET *",                       BYTES("GET * HTTP/1.1\r\n" A "\r\n"),                                       "400"               },
    {"CONNECT",                     BYTES("CONNECT a:80 HTTP/1.1\r\n" A "\r\n"),                                "400"               },
    {"folded",                      BYTES(GET A "X: a\r\n b\r\n\r\n"),                                          "400"               },
    {"a folded coding",             BYTES(POST "Content-Length: 1\r\nTransfer-Encoding:\r\n chunked\r\n\r\nx"),
     "400"                                                                                                                          },
    {"folded at once",              BYTES(GET " X: a\r\n" A "\r\n"),                                            "400"               },
    {"an empty name",               BYTES(GET A ": x\r\n\r\n"),                                                 "400"               },
    {"no colon",                    BYTES(GET A "X\r\n\r\n"),                                                   "400"               },
    {"a blank before the colon",    BYTES(GET A "X : a\r\n\r\n"),                                               "400"               },
    {"no value",                    BYTES(GET A "X:\r\n\r\n"),                                                  "GET / <> +0"       },
    {"a long target",
     BYTES("GET /"
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
     "414"                                                                                                                          },
    {"a long field",
     BYTES(GET A "X: "
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
     "431"                                                                                                                          },
    {"another expectation",         BYTES(GET A "Expect: fish\r\n\r\n"),                                        "417"               },
    {"a length",                    BYTES(POST "Content-Length: 5\r\n\r\nhello..."),                            "POST / <hello> +3" },
    {"a length with zeros",         BYTES(POST "Content-Length: 005\r\n\r\nhello"),                             "POST / <hello> +0" },
    {"a length of 0",               BYTES(POST "Content-Length: 0\r\n\r\nx"),                                   "POST / <> +1"      },
    {"a length over the limit",     BYTES(POST "Content-Length: 51\r\n\r\n"),                                   "413"               },
    {"a length of 20 digits",       BYTES(POST "Content-Length: 18446744073709551617\r\n\r\n"),                 "413"               },
    {"chunks",                      BYTES(CHUNKED "5\r\nhello\r\n0\r\n\r\n."),                                  "POST / <hello> +1" },
    {"two chunks",                  BYTES(CHUNKED "2\r\nhe\r\n0003\r\nllo\r\n000\r\n\r\n"),                     "POST / <hello> +0" },
    {"a hexadecimal size",          BYTES(CHUNKED "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
     "POST / <01234567890123456789> +0"                                                                                             },
    {"extensions",                  BYTES(CHUNKED "5;a=b;c=\"d\"\r\nhello\r\n0 ;e\r\n\r\n"),                    "POST / <hello> +0" },
    {"a quoted extension",          BYTES(CHUNKED "5\t; a = \"b;[\\\"c\" ;d\r\nhello\r\n0\r\n\r\n"),
     "POST / <hello> +0"                                                                                                            },
    {"an extension without a name", BYTES(CHUNKED "5;\r\nhello"),                                               "400"               },
    {"one of no name that is one",  BYTES(CHUNKED "5;a[=b\r\nhello"),                                           "400"               },
    {"one without its value",       BYTES(CHUNKED "5;a=\r\nhello"),                                             "400"               },
    {"one of two words",            BYTES(CHUNKED "5;a b\r\nhello"),                                            "400"               },
    {"one whose quotes do not end", BYTES(CHUNKED "5;a=\"b\r\nhello"),                                          "400"               },
    {"a trailer",                   BYTES(CHUNKED "0\r\nA: b\r\nContent-Length: 7\r\n\r\n."),                   "POST / <> +1"      },
    {"no size",                     BYTES(CHUNKED "\r\nhello"),                                                 "400"               },
    {"a size that is none",         BYTES(CHUNKED "zz\r\nhello"),                                               "400"               },
    {"0x",                          BYTES(CHUNKED "0x5\r\nhello"),                                              "400"               },
    {"a negative size",             BYTES(CHUNKED "-5\r\nhello"),                                               "400"               },
    {"a blank behind the size",     BYTES(CHUNKED "5 \r\nhello"),                                               "400"               },
    {"17 digits",                   BYTES(CHUNKED "00000000000000005\r\nhello"),                                "400"               },
    {"a size over the limit",       BYTES(CHUNKED "ffffffffffffffff\r\n"),                                      "413"               },
    {"chunks over the limit",       BYTES(CHUNKED "5\r\nhello\r\n2e\r\n"),                                      "413"               },
    {"bare LF behind the size",     BYTES(CHUNKED "5\nhello"),                                                  "400"               },
    {"bare LF behind an extension", BYTES(CHUNKED "5;a\nhello"),                                                "400"               },
    {"NUL in an extension",         BYTES(CHUNKED "5;a\0\r\nhello"),                                            "400"               },
    {"a chunk too long",            BYTES(CHUNKED "5\r\nhello!\r\n"),                                           "400"               },
    {"bare LF behind a chunk",      BYTES(CHUNKED "5\r\nhello\n"),                                              "400"               },
    {"a trailer without a colon",   BYTES(CHUNKED "0\r\nA\r\n\r\n"),                                            "400"               },
    {"a trailer without a name",    BYTES(CHUNKED "0\r\n: a\r\n\r\n"),                                          "400"               },
    {"a folded trailer",            BYTES(CHUNKED "0\r\nA: b\r\n c\r\n\r\n"),                                   "400"               },
    {"a trailer's bare LF",         BYTES(CHUNKED "0\r\nA: b\n\r\n"),                                           "400"               },
    {"a bad end",                   BYTES(CHUNKED "0\r\n\rx"),                                                  "400"               },
};

/* What comes of bytes that arrive in pieces of at most `size` after a first one of `first`. */
static void read_in_pieces(const char *bytes, size_t len, size_t first, size_t size, char *out,
                           size_t out_size)
{
    struct http_reader in;
    size_t taken = 0, piece = first;

    http_reader_init(&in);
    while (taken < len && in.state < HTTP_READ_WHOLE) {
        size_t here = piece < len - taken ? piece : len - taken, done = 0;

        while (done < here && in.state < HTTP_READ_WHOLE)
            done += http_reader_take(&in, &BOUNDS, bytes + taken + done, here - done);
        taken += done;
        piece = size;
    }
    http_reader_settle(&in);
    if (in.state == HTTP_READ_REFUSED)
        snprintf(out, out_size, "%d", in.status);
    else if (in.state == HTTP_READ_WHOLE)
        snprintf(out, out_size, "%s %s <%s> +%zu", in.head, in.head + in.target,
                 in.body ? in.body : "", len - taken);
    else
        snprintf(out, out_size, "not whole");
    if (in.state == HTTP_READ_REFUSED && !in.why)
        fail_msg("nobody is told why");
    http_reader_fini(&in);
}

static void each_request_has_its_verdict_however_it_comes(void **state)
{
    char got[512];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        for (size_t first = 1; first <= CASES[i].len; first++)
            for (size_t size = 1; size <= CASES[i].len; size += CASES[i].len - 1) {
                read_in_pieces(CASES[i].bytes, CASES[i].len, first, size, got, sizeof(got));
                if (strcmp(got, CASES[i].want) != 0)
                    fail_msg("%s (%zu, then %zu): got %s", CASES[i].why, first, size, got);
                if (CASES[i].len == 1)
                    break;
            }
}

/* Refused before the rest of it has come: nobody waits for the end of nonsense. */
static void what_is_no_request_is_refused_at_once(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } cases[] = {
        {BYTES("\x16\x03\x01")}, /* TLS */
        {BYTES("GET /\x01")},    {BYTES(" GET")}, {BYTES(GET "X\0")}, {BYTES(GET "X: a\rb")},
    };
    char got[16];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        read_in_pieces(cases[i].bytes, cases[i].len, 1, 1, got, sizeof(got));
        if (strcmp(got, "400") != 0)
            fail_msg("%zu: got %s", i, got);
    }
}

static void fields_are_found_as_they_were_sent(void **state)
{
    static const char bytes[] = GET A "X:\t b c \t\r\nx: \r\n\r\n";
    static const char *const want[] = {"Host", "a", "X", "b c", "x", ""};
    struct http_reader in;

    (void)state;
    http_reader_init(&in);
    assert_int_equal(http_reader_take(&in, &BOUNDS, bytes, sizeof(bytes) - 1), sizeof(bytes) - 1);
    http_reader_settle(&in);
    assert_int_equal(in.state, HTTP_READ_WHOLE);
    assert_int_equal(in.n_fields, ARRAY_LEN(want) / 2);
    for (size_t i = 0; i < in.n_fields; i++) {
        assert_string_equal(in.head + in.fields[i].name, want[2 * i]);
        assert_string_equal(in.head + in.fields[i].value, want[2 * i + 1]);
    }
    http_reader_fini(&in);
}

static void there_are_at_most_a_hundred_fields(void **state)
{
    const struct http_bounds wide = {.limits = {.head_max = 8192}};

    (void)state;
    for (int extra = 0; extra <= 1; extra++) {
        struct http_reader in;

        http_reader_init(&in);
        http_reader_take(&in, &wide, BYTES(GET A));
        for (int i = 1; i < HTTP_FIELDS_MAX + extra; i++)
            http_reader_take(&in, &wide, BYTES("X: y\r\n"));
        http_reader_take(&in, &wide, BYTES("\r\n"));
        assert_int_equal(in.status, extra ? 431 : 0);
        http_reader_fini(&in);
    }
}

/* Extensions and trailers are dropped, but not without end. */
static void framing_is_bounded(void **state)
{
    static const struct {
        const char *begin, *more;
        int want;
    } cases[] = {
        {CHUNKED "5",        ";x=yyyyyyyyyyyyyyyy",      413},
        {CHUNKED,            "1;x=yyyyyyyyyyy\r\nz\r\n", 413},
        {CHUNKED "0\r\nX: ", "yyyyyyyyyyyyyyyyyyyy",     431},
        {CHUNKED "0\r\n",    "X: yyyyyyyyyyyyyyy\r\n",   431},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_reader in;
        size_t sent = 0;

        http_reader_init(&in);
        http_reader_take(&in, &BOUNDS, cases[i].begin, strlen(cases[i].begin));
        for (; in.state < HTTP_READ_WHOLE && sent < 4 * BOUNDS.limits.head_max; sent += 20)
            http_reader_take(&in, &BOUNDS, cases[i].more, strlen(cases[i].more));
        if (in.status != cases[i].want)
            fail_msg("%zu: got %d after %zu bytes", i, in.status, sent);
        http_reader_fini(&in);
    }
}

static void limits_of(void *arg, const char *method, const char *target, struct http_limits *limits)
{
    if (strcmp(method, arg) == 0 && strncmp(target, "/own?", 5) == 0)
        *limits = (struct http_limits){.head_max = 400, .query_max = 10, .body_max = 5};
}

/* A row's own limits hold from the end of the request line on. */
static void a_request_has_the_limits_of_its_target(void **state)
{
    const struct http_bounds own = {.limits = BOUNDS.limits, .limits_of = limits_of, .arg = "PUT"};
    static const struct {
        const char *line;
        int fill; /* bytes of a value */
        const char *length;
        int want; /* 0 = it is taken */
    } cases[] = {
        {"PUT /own?q=12345678",  0,   "5",  0  },
        {"PUT /own?q=123456789", 0,   "5",  414},
        {"PUT /own?q=12345678",  0,   "6",  413},
        {"PUT /own?q=12345678",  320, "5",  0  },
        {"PUT /own?q=12345678",  420, "5",  431},
        {"PUT /any?q=123456789", 0,   "50", 0  },
        {"PUT /any?q=123456789", 320, "5",  431},
        {"GET /own?q=123456789", 0,   "50", 0  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char bytes[1024];
        int len = snprintf(bytes, sizeof(bytes),
                           "%s HTTP/1.1\r\n" A "X: %0*d\r\nContent-Length: %s\r\n\r\n",
                           cases[i].line, cases[i].fill, 7, cases[i].length);
        struct http_reader in;

        http_reader_init(&in);
        http_reader_take(&in, &own, bytes, (size_t)len);
        if (in.status != cases[i].want || (in.state == HTTP_READ_BODY) != (cases[i].want == 0))
            fail_msg("%s, %d, %s: got %d", cases[i].line, cases[i].fill, cases[i].length,
                     in.status);
        http_reader_fini(&in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_has_its_verdict_however_it_comes),
        cmocka_unit_test(what_is_no_request_is_refused_at_once),
        cmocka_unit_test(fields_are_found_as_they_were_sent),
        cmocka_unit_test(there_are_at_most_a_hundred_fields),
        cmocka_unit_test(framing_is_bounded),
        cmocka_unit_test(a_request_has_the_limits_of_its_target),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
