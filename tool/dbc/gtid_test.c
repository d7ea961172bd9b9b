/* gtid_test.c - positions are read, written, moved on and compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/dbc/gtid.h"

static void what_is_read_is_written_the_same(void **state)
{
    static const char *const TEXTS[] = {"", "0-1-1", "0-1-18446744073709551615",
                                        "0-4294967295-7,4294967295-2-45"};
    char text[GTID_TEXT_MAX + 1];
    struct gtid_position position;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++) {
        assert_true(gtid_read(TEXTS[i], &position));
        assert_string_equal(TEXTS[i], gtid_text(&position, text));
    }
}

static void what_is_malformed_is_refused(void **state)
{
    static const char *const TEXTS[] = {"0",
                                        "0-1",
                                        "0-1-",
                                        "-1-1",
                                        "0-1-1,",
                                        ",0-1-1",
                                        "0-1-1;0-1-2",
                                        "0-1-18446744073709551616",
                                        "4294967296-1-1",
                                        "0 -1-1",
                                        "0-1-1,1-1-1,2-1-1,3-1-1,4-1-1,5-1-1,6-1-1,7-1-1,8-1-1"};
    struct gtid_position position;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++)
        if (gtid_read(TEXTS[i], &position))
            fail_msg("'%s' is taken", TEXTS[i]);
}

static void who_is_further_covers_who_is_behind(void **state)
{
    static const struct {
        const char *position, *other;
        bool want;
    } cases[] = {
        {"",            "",            true },
        {"0-1-5",       "",            true },
        {"",            "0-1-1",       false},
        {"0-1-5",       "0-2-5",       true }, /* a replica's, since it is the server */
        {"0-1-5",       "0-1-6",       false},
        {"0-1-5,1-1-3", "1-1-3",       true },
        {"0-1-5,1-1-3", "0-1-6,1-1-3", false},
        {"0-1-5",       "0-1-5,1-1-1", false},
    };
    struct gtid_position position, other;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_true(gtid_read(cases[i].position, &position));
        assert_true(gtid_read(cases[i].other, &other));
        if (gtid_covers(&position, &other) != cases[i].want)
            fail_msg("'%s' and '%s'", cases[i].position, cases[i].other);
    }
}

static void a_domain_moves_on_by_itself(void **state)
{
    struct gtid_position position;
    char text[GTID_TEXT_MAX + 1];

    (void)state;
    assert_true(gtid_read("0-1-5,7-1-3", &position));
    assert_true(gtid_advance(&position, (struct gtid){7, 2, 4}));
    assert_true(gtid_advance(&position, (struct gtid){8, 1, 1}));
    assert_string_equal("0-1-5,7-2-4,8-1-1", gtid_text(&position, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_written_the_same),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(who_is_further_covers_who_is_behind),
        cmocka_unit_test(a_domain_moves_on_by_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
