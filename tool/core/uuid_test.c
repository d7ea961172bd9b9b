#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"

static int64_t wall(const struct clock *self)
{
    (void)self;
    return INT64_C(0x0123456789ab) * 1000 + 999;
}

static void fill_ff(const struct entropy *self, void *buf, size_t len)
{
    (void)self;
    memset(buf, 0xff, len);
}

static void a_fresh_id_is_time_then_chance(void **state)
{
    const struct clock clock = {.wall_us = wall};
    const struct entropy entropy = {.fill = fill_ff};
    char text[UUID_TEXT_LEN + 1];

    (void)state;
    assert_string_equal(uuid_text(uuid_v7(&clock, &entropy), text),
                        "01234567-89ab-7fff-bfff-ffffffffffff");
}

static void two_fresh_ids_differ(void **state)
{
    (void)state;
    assert_false(uuid_equal(uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM),
                            uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM)));
}

static void a_text_comes_back_in_lower_case(void **state)
{
    char text[UUID_TEXT_LEN + 1];
    struct uuid id;

    (void)state;
    assert_true(uuid_parse("0192F8C0-1234-7ABC-8def-0123456789aB", &id));
    assert_string_equal(uuid_text(id, text), "0192f8c0-1234-7abc-8def-0123456789ab");
    assert_false(uuid_is_nil(id));
    assert_true(uuid_parse("00000000-0000-0000-0000-000000000000", &id));
    assert_true(uuid_is_nil(id));
}

static void other_texts_are_no_ids(void **state)
{
    static const char *const CASES[] = {
        "",
        "0192f8c0-1234-7abc-8def-0123456789a",
        "0192f8c0-1234-7abc-8def-0123456789abc",
        "0192f8c0-1234-7abc-8def-0123456789ag",
        "0192f8c01234-7abc-8def-0123456789ab-",
        "0192f8c0-1234-7abc-8def_0123456789ab",
        "{192f8c0-1234-7abc-8def-0123456789a}",
        "0192f8c012347abc8def0123456789ab",
    };
    struct uuid id;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        if (uuid_parse(CASES[i], &id))
            fail_msg("accepted \"%s\"", CASES[i]);
}

static void a_text_is_copied_whole_or_not_at_all(void **state)
{
    char small[4] = "xyz";

    (void)state;
    assert_true(TEXT_COPY(small, "abc"));
    assert_string_equal(small, "abc");
    assert_false(TEXT_COPY(small, "abcd"));
    assert_string_equal(small, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_id_is_time_then_chance),
        cmocka_unit_test(two_fresh_ids_differ),
        cmocka_unit_test(a_text_comes_back_in_lower_case),
        cmocka_unit_test(other_texts_are_no_ids),
        cmocka_unit_test(a_text_is_copied_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
