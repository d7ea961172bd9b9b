/* field_value_test.c */
#include "middleware/field_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void only_json_in_utf_8_is_json(void **state)
{
    static const struct {
        const char *value;
        bool want;
    } cases[] = {
        {"application/json",                    true },
        {"Application/JSON",                    true },
        {"application/json;charset=utf-8",      true },
        {"application/json ; charset=UTF-8 ",   true },
        {"application/json; charset=\"utf-8\"", true },
        {"application/json;",                   true },
        {NULL,                                  false},
        {"",                                    false},
        {"text/json",                           false},
        {"application/jsonx",                   false},
        {"application/json charset=utf-8",      false},
        {"application/json; charset=latin1",    false},
        {"application/json; charset=utf-8x",    false},
        {"application/json; charset=\"utf-8",   false},
        {"application/json; charset=utf-16",    false},
        {"application/json, text/html",         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (field_is_json(cases[i].value) != cases[i].want)
            fail_msg("'%s'", cases[i].value ? cases[i].value : "NULL");
}

static void a_merge_patch_is_not_json_and_not_the_other_way_round(void **state)
{
    (void)state;
    assert_true(field_is_merge_patch("application/merge-patch+json"));
    assert_true(field_is_merge_patch("Application/Merge-Patch+JSON; charset=utf-8"));
    assert_false(field_is_merge_patch("application/merge-patch+json; charset=latin1"));
    assert_false(field_is_merge_patch("application/json"));
    assert_false(field_is_merge_patch("application/json-patch+json"));
    assert_false(field_is_merge_patch(NULL));
    assert_false(field_is_json("application/merge-patch+json"));
}

static void a_bearer_token_is_what_stands_behind_the_scheme(void **state)
{
    (void)state;
    assert_string_equal(field_bearer("Bearer abc"), "abc");
    assert_string_equal(field_bearer("bearer  abc"), "abc");
    assert_null(field_bearer(NULL));
    assert_null(field_bearer("Bearer"));
    assert_null(field_bearer("Bearer "));
    assert_null(field_bearer("Basic abc"));
    assert_null(field_bearer("Bearerabc"));
}

static void etags_are_compared_weakly_one_by_one(void **state)
{
    static const struct {
        const char *list, *etag;
        bool want;
    } cases[] = {
        {"\"1\"",                 "\"1\"",   true },
        {"W/\"1\"",               "\"1\"",   true },
        {"\"1\"",                 "W/\"1\"", true },
        {"\"0\", W/\"1\" ,\"2\"", "\"1\"",   true },
        {"\"0\",\"2\"",           "\"2\"",   true },
        {", ,\"0\",,\t\"1\" ,",   "\"1\"",   true },
        {"*",                     "\"1\"",   true },
        {NULL,                    "\"1\"",   false},
        {"",                      "\"1\"",   false},
        {"1",                     "\"1\"",   false},
        {"\"11\"",                "\"1\"",   false},
        {"\"1",                   "\"1\"",   false},
        {"\"0\" junk \"1\"",      "\"1\"",   false},
        {"\"0\" \"1\"",           "\"1\"",   false},
        {",",                     "\"1\"",   false},
        {"\"a,\\\"1\\\"\"",       "\"1\"",   false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (field_names_etag(cases[i].list, cases[i].etag) != cases[i].want)
            fail_msg("%s in %s", cases[i].etag, cases[i].list ? cases[i].list : "NULL");
}

static void what_is_accepted_is_named_and_has_weight(void **state)
{
    static const struct {
        const char *list, *word;
        bool want;
    } cases[] = {
        {"gzip",                                      "gzip",              true },
        {"br, GZIP ;q=0.5",                           "gzip",              true },
        {"text/html, */*;q=0.8",                      "text/html",         true },
        {"text/html;level=1; q=0.001, */*",           "text/html",         true },
        {"gzip;q=0",                                  "gzip",              false},
        {"gzip; x=1 ; Q=0.000 , br",                  "gzip",              false},
        {"gzip;q=0, br",                              "br",                true },
        {"xgzip, gzipx",                              "gzip",              false},
        {"*",                                         "gzip",              false},
        {"",                                          "gzip",              false},
        {NULL,                                        "gzip",              false},
        {",,;q=1,",                                   "gzip",              false},
        {"",                                          "text/event-stream", false},
        {"*/*",                                       "text/event-stream", false},
        {"text/*",                                    "text/event-stream", false},
        {"application/json",                          "text/event-stream", false},
        {"text/event-stream",                         "text/event-stream", true },
        {"Text/Event-Stream",                         "text/event-stream", true },
        {"text/event-streams",                        "text/event-stream", false},
        {"application/json, text/event-stream;q=0.5", "text/event-stream", true },
        {" ,, text/event-stream ; q=1",               "text/event-stream", true },
        {"text/event-stream;q=0",                     "text/event-stream", false},
        {"text/event-stream;a=b; Q=0.000",            "text/event-stream", false},
        {"text/event-stream;q=0.001",                 "text/event-stream", true },
        {"text/event-stream;q=00",                    "text/event-stream", false},
        {"text/event-stream, x/y;q=0",                "text/event-stream", true },
        {"x/y;q=0,text/event-stream",                 "text/event-stream", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (field_accepts(cases[i].list, cases[i].word) != cases[i].want)
            fail_msg("%s in %s", cases[i].word, cases[i].list ? cases[i].list : "NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_json_in_utf_8_is_json),
        cmocka_unit_test(a_merge_patch_is_not_json_and_not_the_other_way_round),
        cmocka_unit_test(a_bearer_token_is_what_stands_behind_the_scheme),
        cmocka_unit_test(etags_are_compared_weakly_one_by_one),
        cmocka_unit_test(what_is_accepted_is_named_and_has_weight),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
