/* slip_test.c - how far words are from each other. */
#include "tool/core/slip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void each_letter_changed_is_one_step(void **state)
{
    static const struct {
        const char *a, *b;
        size_t want;
    } cases[] = {
        {"user.get", "user.get",  0},
        {"usr.get",  "user.get",  1},
        {"uesr.get", "user.get",  1},
        {"user.get", "user.gets", 1},
        {"user.got", "user.get",  1},
        {"users.ge", "user.get",  2},
        {"esur.get", "user.get",  2},
        {"",         "a.b",       3},
        {"a.b",      "",          3},
        {"",         "",          0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t got = slip_distance(cases[i].a, cases[i].b);

        if (got != cases[i].want)
            fail_msg("%s, %s: %zu", cases[i].a, cases[i].b, got);
    }
}

static void what_is_too_long_is_far(void **state)
{
    char longest[SLIP_TEXT_MAX + 2] = "";

    (void)state;
    memset(longest, 'a', SLIP_TEXT_MAX);
    assert_int_equal(slip_distance(longest, longest), 0);
    assert_int_equal(slip_distance("", longest), SLIP_TEXT_MAX);
    longest[SLIP_TEXT_MAX] = 'a';
    assert_int_equal(slip_distance(longest, longest), SLIP_TEXT_MAX);
    assert_int_equal(slip_distance(longest, ""), SLIP_TEXT_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_letter_changed_is_one_step),
        cmocka_unit_test(what_is_too_long_is_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
