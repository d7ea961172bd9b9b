/* event_type_test.c - partitions and subjects of events, as other programs reckon them too. */
#include "tool/encoder/event_type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void a_partition_is_fnv1a_of_the_key_s_text(void **state)
{
    static const struct {
        const char *key;
        unsigned want;
    } cases[] = {
        {"00000000-0000-0000-0000-000000000000", 1},
        {"01000000-0000-0000-0000-000000000000", 6},
        {"0193b2c4-7e5a-7c1d-9f00-abcdef012345", 9},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct uuid key;
        assert_true(uuid_parse(cases[i].key, &key));
        assert_int_equal(event_partition(key), cases[i].want);
    }
}

static void a_subject_ends_in_two_digits(void **state)
{
    char name[EVENT_NAME_MAX + 1] = "", buf[EVENT_SUBJECT_MAX + 1];

    (void)state;
    assert_string_equal(event_subject("auth.account_created", 7, buf),
                        "event.auth.account_created.07");
    assert_string_equal(event_subject("a.b", 15, buf), "event.a.b.15");
    memset(name, 'x', EVENT_NAME_MAX);
    assert_int_equal(strlen(event_subject(name, 0, buf)), EVENT_SUBJECT_MAX);
}

static void a_type_is_found_in_a_list_by_its_name(void **state)
{
    static const struct event_type MADE = {.name = "shop.made"}, SOLD = {.name = "shop.sold"};
    static const struct event_type *const SAID[] = {&MADE, &SOLD, NULL};
    static const struct event_type *const NOTHING[] = {NULL};

    (void)state;
    assert_ptr_equal(event_type_among(SAID, "shop.made"), &MADE);
    assert_ptr_equal(event_type_among(SAID, "shop.sold"), &SOLD);
    assert_null(event_type_among(SAID, "shop.sol"));
    assert_null(event_type_among(NOTHING, "shop.made"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partition_is_fnv1a_of_the_key_s_text),
        cmocka_unit_test(a_subject_ends_in_two_digits),
        cmocka_unit_test(a_type_is_found_in_a_list_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
