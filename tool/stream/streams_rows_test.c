/* streams_rows_test.c - what must hold for every stream. */
#include "tool/stream/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The first word of the subject: two streams may not share one. */
static size_t word_len(const char *subject)
{
    return strcspn(subject, ".");
}

static void names_and_first_words_are_unique(void **state)
{
    (void)state;
    for (const struct stream_spec *a = STREAMS; a->name; a++) {
        assert_int_equal(strspn(a->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"),
                         strlen(a->name));
        assert_int_equal(strcspn(a->subject, "*>$ "), word_len(a->subject) + 1);
        for (const struct stream_spec *b = a + 1; b->name; b++) {
            assert_string_not_equal(a->name, b->name);
            assert_true(word_len(a->subject) != word_len(b->subject) ||
                        strncmp(a->subject, b->subject, word_len(a->subject)) != 0);
        }
    }
}

static void limits_are_sane(void **state)
{
    (void)state;
    for (const struct stream_spec *it = STREAMS; it->name; it++) {
        assert_non_null(it->description);
        assert_in_range(it->duplicates_s, 1, it->max_age_s);
        assert_in_range(it->max_bytes, 1 << 20, INT64_C(1) << 40);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_first_words_are_unique),
        cmocka_unit_test(limits_are_sane),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
