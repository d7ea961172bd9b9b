/* location_test.c - templates, and what becomes of them. */
#include "middleware/location.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void members_of_the_reply_are_filled_in(void **state)
{
    static const struct {
        const char *template, *json, *want; /* NULL = no Location */
    } cases[] = {
        {"/users/{userId}", "{\"userId\":\"u-1\"}",                              "/users/u-1"},
        {"/a/{x}/b/{y}/c",  "{\"y\":\"2\",\"n\":3,\"x\":\"1\"}",                 "/a/1/b/2/c"},
        {"/{a}{b}{c}{d}",   "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\"}", "/1234"     },
        {"/fixed",          "{}",                                                "/fixed"    },
        {"/{x}",            "{}",                                                NULL        },
        {"/{x}",            "{\"x\":1}",                                         NULL        },
        {"/{x}",            "{\"x\":\"\"}",                                      NULL        },
        {"/{x}",            "{\"x\":\"/../y\"}",                                 NULL        },
        {"/{x}",            "{\"x\":\"a b\"}",                                   NULL        },
        {"/{x}",            "no json",                                           NULL        },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct location location;
        char out[LOCATION_MAX + 1];
        bool got;

        assert_true(location_parse(&location, cases[i].template));
        got = location_write(&location, cases[i].json, strlen(cases[i].json), out);
        if (got != (cases[i].want != NULL) || (got && strcmp(out, cases[i].want) != 0))
            fail_msg("%s, %s: got '%s'", cases[i].template, cases[i].json, got ? out : "none");
    }
}

static void what_is_no_template_is_refused(void **state)
{
    static const char *const WRONG[] = {
        "",       "users",           "/{x", "/x}", "/{}", "/{{x}}", "/{1}", "/}{", "/{x}}y",
        "/{a-b}", "/{a}{b}{c}{d}{e}"};
    struct location location;
    char long_one[LOCATION_TEMPLATE_MAX + 2];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
        if (location_parse(&location, WRONG[i]))
            fail_msg("%s", WRONG[i]);
    memset(long_one, '/', sizeof(long_one) - 1);
    long_one[sizeof(long_one) - 1] = '\0';
    assert_false(location_parse(&location, long_one));
    long_one[sizeof(long_one) - 2] = '\0';
    assert_true(location_parse(&location, long_one));
}

static void none_is_none(void **state)
{
    char out[LOCATION_MAX + 1];

    (void)state;
    assert_false(location_write(&(struct location){.n = 0}, "{}", 2, out));
}

static void what_is_too_long_is_left_out(void **state)
{
    struct location location;
    char json[600], out[LOCATION_MAX + 1];

    (void)state;
    assert_true(location_parse(&location, "/{a}/{b}/{c}"));
    snprintf(json, sizeof(json), "{\"a\":\"%0100d\",\"b\":\"%0100d\",\"c\":\"%052d\"}", 1, 2, 3);
    assert_true(location_write(&location, json, strlen(json), out));
    assert_int_equal(strlen(out), LOCATION_MAX);
    snprintf(json, sizeof(json), "{\"a\":\"%0100d\",\"b\":\"%0100d\",\"c\":\"%053d\"}", 1, 2, 3);
    assert_false(location_write(&location, json, strlen(json), out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_of_the_reply_are_filled_in),
        cmocka_unit_test(what_is_no_template_is_refused),
        cmocka_unit_test(none_is_none),
        cmocka_unit_test(what_is_too_long_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
