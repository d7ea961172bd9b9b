/* delivery_test.c - subjects of events, and envelopes. */
#include "tool/event/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void a_subject_names_type_and_partition(void **state)
{
    char type[EVENT_NAME_MAX + 1], subject[EVENT_SUBJECT_MAX + 1], longest[EVENT_NAME_MAX + 1];
    unsigned partition;

    (void)state;
    assert_true(delivery_subject("event.auth.account_created.07", type, &partition));
    assert_string_equal(type, "auth.account_created");
    assert_int_equal(partition, 7);
    memset(longest, 'n', EVENT_NAME_MAX);
    longest[EVENT_NAME_MAX] = '\0';
    assert_true(delivery_subject(event_subject(longest, 15, subject), type, &partition));
    assert_string_equal(type, longest);
    assert_int_equal(partition, 15);
}

static void what_is_no_subject_of_an_event_is_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        "event",
        "event.",
        "event.07",
        "event..07",
        "events.auth.x.07",
        "event.auth.x.7",
        "event.auth.x.007",
        "event.auth.x.0x",
        "event.auth.x.",
        "event.auth.x",
        "event.nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn.07",
    };
    char type[EVENT_NAME_MAX + 1];
    unsigned partition;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        if (delivery_subject(CASES[i], type, &partition))
            fail_msg("read: %s", CASES[i]);
}

static void an_id_that_is_missing_is_made_of_its_place(void **state)
{
    struct delivery d = {.stream_seq = 0x0102, .attempt = 1, .data = "", .source = "/x"};
    struct event a = {0}, b = {0};

    (void)state;
    assert_string_equal(delivery_read(&d, "a.b", &a), "ce-id is missing or malformed");
    assert_non_null(delivery_read(&d, "a.b", &b));
    assert_true(uuid_equal(a.id, b.id) && !uuid_is_nil(a.id) && uuid_is_nil(a.key));
    d.stream_seq++;
    assert_non_null(delivery_read(&d, "a.b", &b));
    assert_false(uuid_equal(a.id, b.id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_names_type_and_partition),
        cmocka_unit_test(what_is_no_subject_of_an_event_is_refused),
        cmocka_unit_test(an_id_that_is_missing_is_made_of_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
