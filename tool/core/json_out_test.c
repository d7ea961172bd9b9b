#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/json_out.h"
#include "tool/core/mem.h"

static void commas_place_themselves(void **state)
{
    char buf[256];
    struct json_out o;

    (void)state;
    json_out_init(&o, buf, sizeof(buf));
    json_out_open(&o, '{');
    json_out_member(&o, "a", "x");
    json_out_member(&o, "left out", NULL);
    json_out_member_int(&o, "b", -7);
    json_out_key(&o, "c");
    json_out_open(&o, '[');
    json_out_bool(&o, true);
    json_out_null(&o);
    json_out_open(&o, '{');
    json_out_close(&o, '}');
    json_out_raw(&o, "[1]", 3);
    json_out_close(&o, ']');
    json_out_key(&o, "d");
    json_out_thousandths(&o, 500);
    json_out_close(&o, '}');
    assert_false(o.overflow);
    assert_string_equal(buf, "{\"a\":\"x\",\"b\":-7,\"c\":[true,null,{},[1]],\"d\":0.5}");
    assert_int_equal(o.len, strlen(buf));
}

static void texts_are_escaped(void **state)
{
    static const struct {
        const char *why, *text, *want;
    } CASES[] = {
        {"plain",               "abc",                                  "\"abc\""                                 },
        {"empty",               "",                                     "\"\""                                    },
        {"quote and backslash", "a\"b\\c",                              "\"a\\\"b\\\\c\""                         },
        {"short escapes",       "\b\f\n\r\t",                           "\"\\b\\f\\n\\r\\t\""                     },
        {"control bytes",       "\x01\x1f\x7f",                         "\"\\u0001\\u001f\\u007f\""               },
        {"UTF-8",               "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
         "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""                                                               },
        {"stray byte",
         "a\xff"
         "b",                                                           "\"a\xef\xbf\xbd"
         "b\""                                                                                       },
        {"overlong",            "\xc0\xaf",                             "\"\xef\xbf\xbd\xef\xbf\xbd\""            },
        {"surrogate",           "\xed\xa0\x80",                         "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"cut off",             "\xe2\x82",                             "\"\xef\xbf\xbd\xef\xbf\xbd\""            },
        {"above U+10FFFF",      "\xf4\x90\x80\x80",
         "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""                                                   },
    };
    char buf[128];
    struct json_out o;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        json_out_init(&o, buf, sizeof(buf));
        json_out_text(&o, CASES[i].text);
        if (o.overflow || strcmp(buf, CASES[i].want) != 0)
            fail_msg("%s: got %s", CASES[i].why, buf);
    }
    json_out_init(&o, buf, sizeof(buf));
    json_out_text_n(&o, "a\0b", 3);
    assert_string_equal(buf, "\"a\\u0000b\"");
}

static void what_is_utf8_is_said_beforehand(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } CASES[] = {
        {"",                 true },
        {"a\n\xc3\xa4",      true },
        {"\xf0\x9f\x98\x80", true },
        {"a\xc3",            false},
        {"\x80",             false},
        {"\xc0\x80",         false},
        {"\xed\xa0\x80",     false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        assert_int_equal(json_out_is_utf8(CASES[i].text, strlen(CASES[i].text)), CASES[i].want);
}

static void numbers_of_any_size_are_written(void **state)
{
    char buf[64];
    struct json_out o;

    (void)state;
    json_out_init(&o, buf, sizeof(buf));
    json_out_open(&o, '[');
    json_out_int(&o, INT64_MIN);
    json_out_int(&o, INT64_MAX);
    json_out_int(&o, 0);
    json_out_int(&o, -10);
    json_out_close(&o, ']');
    assert_string_equal(buf, "[-9223372036854775808,9223372036854775807,0,-10]");
    json_out_init(&o, buf, sizeof(buf));
    json_out_open(&o, '[');
    json_out_thousandths(&o, 0);
    json_out_thousandths(&o, 7);
    json_out_thousandths(&o, -1230);
    json_out_thousandths(&o, 12000);
    json_out_thousandths(&o, 100001);
    json_out_thousandths(&o, INT64_MIN);
    json_out_close(&o, ']');
    assert_string_equal(buf, "[0,0.007,-1.23,12,100.001,-9223372036854775.808]");
}

/* Every size up to the one that fits: never a byte behind the end, and overflow exactly when short.
 */
static void what_does_not_fit_is_remembered_and_never_written(void **state)
{
    static const char WANT[] = "{\"k\":\"a\\n\xc3\xa4\",\"n\":12}";

    (void)state;
    for (size_t size = 0; size <= sizeof(WANT); size++) {
        char buf[sizeof(WANT) + 1];
        struct json_out o;

        memset(buf, '#', sizeof(buf));
        json_out_init(&o, buf, size);
        json_out_open(&o, '{');
        json_out_member(&o, "k", "a\n\xc3\xa4");
        json_out_member_int(&o, "n", 12);
        json_out_close(&o, '}');
        assert_int_equal(o.overflow, size < sizeof(WANT));
        for (size_t i = size; i < sizeof(buf); i++)
            assert_int_equal(buf[i], '#');
        if (!o.overflow)
            assert_string_equal(buf, WANT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_place_themselves),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(what_is_utf8_is_said_beforehand),
        cmocka_unit_test(numbers_of_any_size_are_written),
        cmocka_unit_test(what_does_not_fit_is_remembered_and_never_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
