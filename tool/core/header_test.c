/* header_test.c - what headers may hold, by examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/call.h"
#include "tool/core/header.h"
#include "tool/core/mem.h"

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TRACE "0af7651916cd43dd8448eb211c80319c"

static void request_ids_are_short_and_plain(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"a",        true },
        {"A-z.0_9",  true },
        {A64,        true },
        {A64 "a",    false},
        {"",         false},
        {"a b",      false},
        {"a\n",      false},
        {"a/b",      false},
        {"\xc3\xa4", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (header_is_request_id(cases[i].text) != cases[i].want)
            fail_msg("'%s'", cases[i].text);
}

static void traceparent_has_one_form(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"00-" TRACE "-b7ad6b7169203331-01",                        true },
        {"00-" TRACE "-b7ad6b7169203331-00",                        true },
        {"01-" TRACE "-b7ad6b7169203331-01",                        false},
        {"00-" TRACE "-b7ad6b7169203331-01-more",                   false},
        {"00-" TRACE "-b7ad6b7169203331-0",                         false},
        {"00-" TRACE "-b7ad6b7169203331-0g",                        false},
        {"00-" TRACE "-B7AD6B7169203331-01",                        false},
        {"00-" TRACE "-0000000000000000-01",                        false},
        {"00-00000000000000000000000000000000-b7ad6b7169203331-01", false},
        {"00-0000000000000000000000000000000c-b7ad6b7169203331-01", true },
        {"00_" TRACE "-b7ad6b7169203331-01",                        false},
        {"",                                                        false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (header_is_traceparent(cases[i].text) != cases[i].want)
            fail_msg("'%s'", cases[i].text);
}

static void tracestate_is_kept_by_whole_members_or_not_at_all(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"a=1",                  "a=1"                 },
        {"a=1,b=2",              "a=1,b=2"             },
        {" a=1 ,, b=2 , ",       "a=1,b=2"             },
        {"tenant@sys=1,0@a=x y", "tenant@sys=1,0@a=x y"},
        {"a_-*/9=!~",            "a_-*/9=!~"           },
        {"",                     ""                    },
        {"a",                    ""                    },
        {"a=",                   ""                    },
        {"=1",                   ""                    },
        {"A=1",                  ""                    },
        {"a=1,b=c=d",            ""                    },
        {"a=\x01",               ""                    },
        {"a=\xc3\xa4",           ""                    },
        {"a b=1",                ""                    },
        {"a=1;b",                "a=1;b"               },
    };
    char kept[CALL_TRACESTATE_MAX + 1], text[2000], member[128];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        header_keep_tracestate(cases[i].text, kept);
        if (strcmp(kept, cases[i].want) != 0)
            fail_msg("'%s': got '%s'", cases[i].text, kept);
    }
    text[0] = '\0';
    for (int i = 0; i < 20; i++) { /* 51 bytes each: what there is no room for goes from the end */
        snprintf(member, sizeof(member), "%sk%02d=%046d", i > 0 ? "," : "", i, i);
        strcat(text, member);
    }
    header_keep_tracestate(text, kept);
    assert_int_equal(strlen(kept), 10 * 51 - 1);
    assert_memory_equal(kept, text, strlen(kept));
}

static void printable_means_ascii_and_bounded(void **state)
{
    (void)state;
    assert_true(header_is_printable("admin auditor", 13));
    assert_false(header_is_printable("admin auditor", 12));
    assert_false(header_is_printable("", 12));
    assert_false(header_is_printable("a\tb", 12));
    assert_false(header_is_printable("\x7f", 12));
    assert_false(header_is_printable("\xc3\xa4", 12));
}

static void what_is_not_printable_is_left_out_and_the_rest_is_cut(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"curl/8.14.1",      "curl/8.1"},
        {"a\r\nb\x7f\tc",    "abc"     },
        {"\xc3\xa4gent",     "gent"    },
        {"\xc3\xa4\xc3\xb6", ""        },
        {"",                 ""        },
    };
    char out[9];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        header_keep_printable(cases[i].text, out, sizeof(out));
        assert_string_equal(out, cases[i].want);
    }
}

static void timeouts_are_plain_numbers(void **state)
{
    static const struct {
        const char *text;
        int64_t want;
    } cases[] = {
        {"0",          0        },
        {"1500",       1500     },
        {"999999999",  999999999},
        {"1000000000", -1       },
        {"",           -1       },
        {"-1",         -1       },
        {"+1",         -1       },
        {" 1",         -1       },
        {"1 ",         -1       },
        {"1.5",        -1       },
        {"1e3",        -1       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (header_timeout_ms(cases[i].text) != cases[i].want)
            fail_msg("'%s'", cases[i].text);
}

static void prefer_is_searched_for_wait(void **state)
{
    static const struct {
        const char *text;
        int32_t want;
    } cases[] = {
        {"wait=5",                              5000 },
        {"Wait=5",                              5000 },
        {"wait=0",                              0    },
        {"wait=10",                             10000},
        {"wait=11",                             10000},
        {"wait=999999999",                      10000},
        {"wait=9999999999",                     10000},
        {"wait=99999999999999999999999999999",  10000},
        {"wait=9999999999x",                    0    },
        {"wait=0000000000004",                  4000 },
        {"wait = 3 ",                           3000 },
        {"wait=\"7\"",                          7000 },
        {"wait=7; strict",                      7000 },
        {"respond-async, wait=4",               4000 },
        {"respond-async,wait=4,return=minimal", 4000 },
        {"a=\"x, wait=9\", wait=2",             2000 },
        {"a=\"\\\", wait=9\", wait=2",          2000 },
        {"wait=2, wait=9",                      2000 },
        {"wait=x, wait=9",                      0    },
        {"wait",                                0    },
        {"wait=",                               0    },
        {"wait=-1",                             0    },
        {"wait=1.5",                            0    },
        {"wait;a=b",                            0    },
        {"waiting=5",                           0    },
        {"x-wait=5",                            0    },
        {"a=\"unterminated, wait=5",            0    },
        {",,wait=1",                            1000 },
        {"",                                    0    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (header_wait_ms(cases[i].text) != cases[i].want)
            fail_msg("'%s' gives %d", cases[i].text, (int)header_wait_ms(cases[i].text));
    assert_int_equal(header_wait_up_to_ms("wait=25", 30), 25000);
    assert_int_equal(header_wait_up_to_ms("wait=99999999999999999999", 30), 30000);
}

static void if_match_names_one_version_or_any(void **state)
{
    static const struct {
        const char *text;
        int64_t want;
    } cases[] = {
        {"*",                       CALL_ANY_VERSION  },
        {"\"1\"",                   1                 },
        {"\"70\"",                  70                },
        {"\"999999999999999999\"",  999999999999999999},
        {"\"1000000000000000000\"", CALL_NO_VERSION   },
        {"\"0\"",                   CALL_NO_VERSION   },
        {"\"07\"",                  CALL_NO_VERSION   },
        {"\"-7\"",                  CALL_NO_VERSION   },
        {"\"\"",                    CALL_NO_VERSION   },
        {"\"abc\"",                 CALL_NO_VERSION   },
        {"\"\xc3\xa4\"",            CALL_NO_VERSION   },
        {"W/\"7\"",                 CALL_NO_VERSION   },
        {"7",                       0                 },
        {"",                        0                 },
        {"\"7",                     0                 },
        {"7\"",                     0                 },
        {"w/\"7\"",                 0                 },
        {"\"7\" ",                  0                 },
        {"\"7\", \"8\"",            0                 },
        {"\"a b\"",                 0                 },
        {"**",                      0                 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (header_if_version(cases[i].text) != cases[i].want)
            fail_msg("'%s' gives %lld", cases[i].text, (long long)header_if_version(cases[i].text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_ids_are_short_and_plain),
        cmocka_unit_test(traceparent_has_one_form),
        cmocka_unit_test(tracestate_is_kept_by_whole_members_or_not_at_all),
        cmocka_unit_test(printable_means_ascii_and_bounded),
        cmocka_unit_test(what_is_not_printable_is_left_out_and_the_rest_is_cut),
        cmocka_unit_test(timeouts_are_plain_numbers),
        cmocka_unit_test(if_match_names_one_version_or_any),
        cmocka_unit_test(prefer_is_searched_for_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
