/* header_check_test.c */
#include "tool/http/header_check.h"
#include "tool/http/http_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

struct pair {
    const char *name, *value;
};

static int check(struct header_check *c, const char *method, const char *version,
                 const struct pair *pairs)
{
    header_check_begin(c, method, version);
    for (; pairs->name; pairs++)
        header_check_field(c, pairs->name, strlen(pairs->name), pairs->value, strlen(pairs->value));
    return header_check_end(c);
}

static const char V11[] = "HTTP/1.1", V10[] = "HTTP/1.0";

static const struct {
    const char *why, *method, *version;
    struct pair pairs[4];
    int want;
} CASES[] = {
    {"plain",                        "GET",                               V11, {{"Host", "a:80"}},                                      0  },
    {"IPv6 host",                    "GET",                               V11, {{"host", "[::1]:80"}},                                  0  },
    {"no Host",                      "GET",                               V11, {{"X", "y"}},                                            400},
    {"no Host in 1.0",               "GET",                               V10, {{"X", "y"}},                                            0  },
    {"two Hosts",                    "GET",                               V11, {{"Host", "a"}, {"HOST", "a"}},                          400},
    {"empty Host",                   "GET",                               V11, {{"Host", ""}},                                          400},
    {"Host with a path",             "GET",                               V11, {{"Host", "a/b"}},                                       400},
    {"Host with a user",             "GET",                               V11, {{"Host", "u@a"}},                                       400},
    {"Host list",                    "GET",                               V11, {{"Host", "a, b"}},                                      400},
    {"length",                       "POST",                              V11, {{"Host", "a"}, {"Content-Length", "12"}},               0  },
    {"length twice",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Content-Length", "1"}, {"content-length", "1"}},
     400                                                                                                                                   },
    {"negative length",              "POST",                              V11, {{"Host", "a"}, {"Content-Length", "-1"}},               400},
    {"signed length",                "POST",                              V11, {{"Host", "a"}, {"Content-Length", "+1"}},               400},
    {"hex length",                   "POST",                              V11, {{"Host", "a"}, {"Content-Length", "0x1"}},              400},
    {"empty length",                 "POST",                              V11, {{"Host", "a"}, {"Content-Length", ""}},                 400},
    {"chunked",                      "POST",                              V11, {{"Host", "a"}, {"Transfer-Encoding", "Chunked"}},       0  },
    {"chunked and length",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Transfer-Encoding", "chunked"}, {"Content-Length", "1"}},
     400                                                                                                                                   },
    {"chunked twice",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
     400                                                                                                                                   },
    {"chunked twice in one",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Transfer-Encoding", "chunked, chunked"}},
     400                                                                                                                                   },
    {"chunked not last",             "POST",                              V11, {{"Host", "a"}, {"Transfer-Encoding", "chunked, gzip"}}, 400},
    {"gzip under chunked",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Transfer-Encoding", "gzip, chunked"}},
     501                                                                                                                                   },
    {"unknown coding",               "POST",                              V11, {{"Host", "a"}, {"Transfer-Encoding", "xchunked"}},      501},
    {"no coding",                    "POST",                              V11, {{"Host", "a"}, {"Transfer-Encoding", ""}},              400},
    {"chunked in 1.0",               "POST",                              V10, {{"Host", "a"}, {"Transfer-Encoding", "chunked"}},       400},
    {"space before the colon",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Transfer-Encoding ", "chunked"}},
     400                                                                                                                                   },
    {"empty name",                   "GET",                               V11, {{"Host", "a"}, {"", "x"}},                              400},
    {"control byte in a value",      "GET",                               V11, {{"Host", "a"}, {"X", "a\x01"}},                         400},
    {"tab in a value",               "GET",                               V11, {{"Host", "a"}, {"X", "a\tb"}},                          0  },
    {"bytes above ASCII in a value", "GET",                               V11, {{"Host", "a"}, {"X", "\xc3\xa9"}},                      0  },
    {"two Authorizations",
     "GET",                                                               V11,
     {{"Host", "a"}, {"Authorization", "Bearer a"}, {"authorization", "Bearer a"}},
     400                                                                                                                                   },
    {"two Content-Types",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Content-Type", "application/json"}, {"Content-Type", "text/plain"}},
     400                                                                                                                                   },
    {"two Idempotency-Keys",
     "POST",                                                              V11,
     {{"Host", "a"}, {"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}},
     400                                                                                                                                   },
    {"two of a list",
     "GET",                                                               V11,
     {{"Host", "a"}, {"Prefer", "wait=1"}, {"Prefer", "respond-async"}},
     0                                                                                                                                     },
    {"odd method",                   "G@T",                               V11, {{"Host", "a"}},                                         400},
    {"empty method",                 "",                                  V11, {{"Host", "a"}},                                         400},
    {"long method",                  "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", V11, {{"Host", "a"}},                                         501},
};

static void each_rule_has_its_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct header_check c;
        int got = check(&c, CASES[i].method, CASES[i].version, CASES[i].pairs);

        if (got != CASES[i].want || (got != 0) != (c.why != NULL))
            fail_msg("%s: got %d", CASES[i].why, got);
    }
}

static void a_length_no_machine_has_saturates(void **state)
{
    static const struct pair pairs[] = {
        {"Host",           "a"                    },
        {"Content-Length", "100000000000000000000"},
        {NULL,             NULL                   }
    };
    struct header_check c;

    (void)state;
    assert_int_equal(check(&c, "POST", "HTTP/1.1", pairs), 0);
    assert_true(c.content_length == UINT64_MAX);
}

static void a_control_character_is_found_wherever_it_is(void **state)
{
    enum { LEN = 18 };
    char text[LEN + 1];

    (void)state;
    for (size_t at = 0; at < LEN; at++)
        for (int c = 0; c < 256; c++) {
            memcpy(text, "\tabcdefgh\xff\x80~ ijklm", LEN);
            text[at] = (char)c;
            assert_int_equal(http_clean_len(text, LEN), http_is_control((char)c) ? at : LEN);
            assert_int_equal(http_clean_len(text, at), at);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_its_answer),
        cmocka_unit_test(a_length_no_machine_has_saturates),
        cmocka_unit_test(a_control_character_is_found_wherever_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
