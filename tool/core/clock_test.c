#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/clock.h"
#include "tool/core/mem.h"

static void an_instant_and_its_text_are_the_same_thing(void **state)
{
    static const struct {
        int64_t us;
        const char *text;
    } CASES[] = {
        {0,                  "1970-01-01T00:00:00.000000Z"},
        {1,                  "1970-01-01T00:00:00.000001Z"},
        {-1,                 "1969-12-31T23:59:59.999999Z"},
        {951782400000000,    "2000-02-29T00:00:00.000000Z"},
        {1767225599123456,   "2025-12-31T23:59:59.123456Z"},
        {253402300799999999, "9999-12-31T23:59:59.999999Z"},
    };
    char text[CLOCK_TEXT_MAX + 1];
    int64_t us;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_string_equal(clock_text(CASES[i].us, text), CASES[i].text);
        assert_int_equal(clock_parse(CASES[i].text, &us), 0);
        assert_int_equal(us, CASES[i].us);
    }
}

static void an_instant_outside_four_digit_years_is_still_a_text(void **state)
{
    char text[CLOCK_TEXT_MAX + 1];

    (void)state;
    assert_string_equal(clock_text(INT64_MAX, text) + 4, "-01-01T00:00:00.775807Z");
    clock_text(INT64_MIN, text);
}

static void fractions_may_be_shorter(void **state)
{
    int64_t us;

    (void)state;
    assert_int_equal(clock_parse("1970-01-01T00:00:01Z", &us), 0);
    assert_int_equal(us, 1000000);
    assert_int_equal(clock_parse("1970-01-01T00:00:01.5Z", &us), 0);
    assert_int_equal(us, 1500000);
}

static void malformed_texts_are_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        "2026",
        "2026-01-31",
        "2026-01-31T12:34:56",
        "2026-01-31T12:34:56.Z",
        "2026-01-31T12:34:56.1234567Z",
        "2026-01-31T12:34:56+00:00",
        "2026-01-31t12:34:56Z",
        "2026-02-30T12:34:56Z",
        "2026-13-01T12:34:56Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T23:60:00Z",
        "2026-01-31T23:59:60Z",
        " 2026-01-31T12:34:56Z",
        "2026-01-31T12:34:56Zx",
        "-026-01-31T12:34:56Z",
    };
    int64_t us = 7;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        if (clock_parse(CASES[i], &us) != -1)
            fail_msg("accepted \"%s\"", CASES[i]);
    assert_int_equal(us, 7);
}

static void the_system_clock_does_not_go_backwards(void **state)
{
    int64_t before = clock_now_ms(&CLOCK_SYSTEM);

    (void)state;
    assert_true(clock_now_ms(&CLOCK_SYSTEM) >= before);
    assert_true(clock_wall_us(&CLOCK_SYSTEM) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instant_and_its_text_are_the_same_thing),
        cmocka_unit_test(an_instant_outside_four_digit_years_is_still_a_text),
        cmocka_unit_test(fractions_may_be_shorter),
        cmocka_unit_test(malformed_texts_are_refused),
        cmocka_unit_test(the_system_clock_does_not_go_backwards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
