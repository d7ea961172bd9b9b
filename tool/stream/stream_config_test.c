/* stream_config_test.c - what of a stream is set, and which differences are seen. */
#include "tool/stream/stream_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static const struct stream_spec SPEC = {.name = "S",
                                        .description = "d",
                                        .subject = "s.>",
                                        .max_age_s = 90,
                                        .max_bytes = INT64_C(5000000000),
                                        .duplicates_s = 9};

static void what_was_applied_does_not_differ(void **state)
{
    jsStreamConfig from, to;
    char text[256];

    (void)state;
    jsStreamConfig_Init(&from);
    stream_config_apply(&from, &SPEC, 3);
    to = from;
    stream_config_apply(&to, &SPEC, 3);
    assert_int_equal(stream_config_diff(&from, &to, text, sizeof(text)), 0);
    assert_string_equal(text, "");
}

static void each_difference_is_shown(void **state)
{
    static const char *subjects[] = {"a.>", "b"};
    jsStreamConfig good, cases[15];
    static const char *const SHOWN[ARRAY_LEN(cases)] = {
        "subjects a.> b -> s.>",
        "retention workqueue -> limits",
        "storage memory -> file",
        "discard new -> old",
        "replicas 1 -> 3",
        "max_age_s 0.5 -> 90",
        "max_bytes -1 -> 5000000000",
        "duplicates_s 120 -> 9",
        "max_msgs 7 -> -1",
        "max_msgs_per_subject 7 -> -1",
        "max_msg_size 7 -> -1",
        "max_consumers 7 -> -1",
        "no_ack on -> off",
        "sealed on -> off",
        "description  -> d",
    };

    (void)state;
    jsStreamConfig_Init(&good);
    stream_config_apply(&good, &SPEC, 3);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        cases[i] = good;
    cases[0].Subjects = subjects;
    cases[0].SubjectsLen = 2;
    cases[1].Retention = js_WorkQueuePolicy;
    cases[2].Storage = js_MemoryStorage;
    cases[3].Discard = js_DiscardNew;
    cases[4].Replicas = 1;
    cases[5].MaxAge = 500000000;
    cases[6].MaxBytes = -1;
    cases[7].Duplicates = INT64_C(120000000000);
    cases[8].MaxMsgs = 7;
    cases[9].MaxMsgsPerSubject = 7;
    cases[10].MaxMsgSize = 7;
    cases[11].MaxConsumers = 7;
    cases[12].NoAck = true;
    cases[13].Sealed = true;
    cases[14].Description = NULL;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[256];

        assert_int_equal(stream_config_diff(&cases[i], &good, text, sizeof(text)), 1);
        assert_string_equal(text, SHOWN[i]);
    }
}

static void several_are_listed_and_cut_to_size(void **state)
{
    jsStreamConfig from, to;
    char text[32];

    (void)state;
    jsStreamConfig_Init(&from);
    stream_config_apply(&from, &SPEC, 1);
    to = from;
    to.Replicas = 3;
    to.MaxAge *= 2;
    to.NoAck = true;
    assert_int_equal(stream_config_diff(&from, &to, text, sizeof(text)), 3);
    assert_string_equal(text, "replicas 1 -> 3, max_age_s 90 -");
}

static void many_long_subjects_are_cut(void **state)
{
    char lots[300];
    const char *subjects[] = {lots, lots};
    jsStreamConfig from, to;
    char text[1024];

    (void)state;
    memset(lots, 'x', sizeof(lots) - 1);
    lots[sizeof(lots) - 1] = '\0';
    jsStreamConfig_Init(&from);
    stream_config_apply(&from, &SPEC, 1);
    to = from;
    from.Subjects = subjects;
    from.SubjectsLen = 2;
    assert_int_equal(stream_config_diff(&from, &to, text, sizeof(text)), 1);
    assert_non_null(strstr(text, "xxx -> s.>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_applied_does_not_differ),
        cmocka_unit_test(each_difference_is_shown),
        cmocka_unit_test(several_are_listed_and_cut_to_size),
        cmocka_unit_test(many_long_subjects_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
