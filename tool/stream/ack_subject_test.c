/* ack_subject_test.c - subjects of servers old and new, and what is none. */
#include "tool/stream/ack_subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static void numbers_are_read_from_old_and_new_subjects(void **state)
{
    static const char *const CASES[] = {
        "$JS.ACK.EVENTS.audit-07.3.18446744073709551615.9.1700000000123456789.42",
        "$JS.ACK._.AcCoUnT.EVENTS.audit-07.3.18446744073709551615.9.1700000000123456789.42",
        "$JS.ACK.hub.AcCoUnT.EVENTS.audit-07.3.18446744073709551615.9.1700000000123456789.42.rnd",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct ack_subject ack = {0};
        assert_true(ack_subject_read(CASES[i], &ack));
        assert_true(ack.delivered == 3 && ack.stream_seq == UINT64_MAX && ack.pending == 42 &&
                    ack.stored_us == 1700000000123456);
    }
}

static void what_is_no_such_subject_is_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        "$JS.ACK.",
        "_INBOX.audit.x",
        "$JS.ACK.EVENTS.audit-07.3.8.9.17",
        "$JS.ACK.EVENTS.audit-07.3.8.9.17.42.1",
        "$JS.ACK.EVENTS.audit-07.3..9.17.42",
        "$JS.ACK.EVENTS.audit-07.3.8.9.17.",
        "$JS.ACK.EVENTS.audit-07.x.8.9.17.42",
        "$JS.ACK.EVENTS.audit-07.-3.8.9.17.42",
        "$JS.ACK.EVENTS.audit-07.3.8.9.now.42",
        "$JS.ACK.EVENTS.audit-07.3.18446744073709551616.9.17.42",
        "$JS.ACK.a.b.c.d.e.f.g.h.i.j.k",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct ack_subject ack;
        if (ack_subject_read(CASES[i], &ack))
            fail_msg("read: %s", CASES[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_from_old_and_new_subjects),
        cmocka_unit_test(what_is_no_such_subject_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
