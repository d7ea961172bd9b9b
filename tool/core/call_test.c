#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/call.h"
#include "tool/core/mem.h"

static int64_t at_1000(const struct clock *self)
{
    (void)self;
    return 1000;
}

static const struct clock FIXED = {.now_ms = at_1000, .wall_us = at_1000};

static void time_left_never_goes_below_zero(void **state)
{
    struct call call = {.clock = &FIXED, .deadline_ms = 1250};

    (void)state;
    assert_int_equal(call_left_ms(&call), 250);
    assert_false(call_expired(&call));
    call.deadline_ms = 1000;
    assert_true(call_expired(&call));
    call.deadline_ms = 3;
    assert_int_equal(call_left_ms(&call), 0);
}

static void a_narrower_call_never_gains_time(void **state)
{
    struct call call = {.clock = &FIXED, .deadline_ms = 1250, .request_id = "r"};
    struct problem problem = {0};
    struct call soon = call_within(&call, 100, &problem);
    struct call late = call_within(&call, 10000, NULL);

    (void)state;
    assert_int_equal(soon.deadline_ms, 1100);
    assert_ptr_equal(soon.problem, &problem);
    assert_string_equal(soon.request_id, "r");
    assert_int_equal(late.deadline_ms, 1250);
    assert_null(late.problem);
}

static void roles_are_whole_words(void **state)
{
    struct call call = {.clock = &FIXED, .roles = "admins  auditor admin"};

    (void)state;
    assert_true(call_has_role(&call, "admin"));
    assert_true(call_has_role(&call, "auditor"));
    assert_false(call_has_role(&call, "audit"));
    assert_false(call_has_role(&call, ""));
    assert_false(call_has_role(&(struct call){0}, "admin"));
}

static void a_refusal_says_why_when_somebody_asks(void **state)
{
    struct problem problem = {0};
    struct call call = {.clock = &FIXED, .problem = &problem};

    (void)state;
    assert_int_equal(call_fail(&call, ST_CONFLICT, "taken", "%s is taken.", "anna"), ST_CONFLICT);
    assert_int_equal(problem.status, ST_CONFLICT);
    assert_string_equal(problem.code, "taken");
    assert_string_equal(problem.detail, "anna is taken.");
    call.problem = NULL;
    assert_int_equal(call_fail(&call, ST_TIMEOUT, NULL, "late"), ST_TIMEOUT);
}

static void wrong_fields_are_kept_in_order_up_to_a_limit(void **state)
{
    struct problem problem = {0};

    (void)state;
    for (int i = 0; i < PROBLEM_ERRORS_MAX + 3; i++)
        assert_int_equal(problem_field(&problem, i ? "later" : "first", "is %d", i), ST_INVALID);
    assert_int_equal(problem.status, ST_INVALID);
    assert_string_equal(problem.code, "invalid_request");
    assert_int_equal(problem.n_errors, PROBLEM_ERRORS_MAX);
    assert_string_equal(problem.errors[0].field, "first");
    assert_string_equal(problem.errors[1].reason, "is 1");
    assert_string_equal(problem.detail,
                        "Many fields are wrong; errors names the first 16, and there are more.");
}

static void what_is_too_long_is_cut_at_a_character(void **state)
{
    static const struct {
        const char *text, *trimmed;
    } cases[] = {
        {"",                 ""                },
        {"a",                "a"               },
        {"\xc3\xa9",         "\xc3\xa9"        },
        {"a\xc3",            "a"               },
        {"\xed\x95\x9c",     "\xed\x95\x9c"    },
        {"\xed\x95\x9c\xed", "\xed\x95\x9c"    },
        {"a\xed\x95",        "a"               },
        {"\xf0\x9f\x98",     ""                },
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"\x80\x80\x80\x80", "\x80\x80\x80\x80"}, /* no text; left alone */
    };
    struct problem problem = {0};
    char hangul[300] = "";

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[16];
        TEXT_COPY(text, cases[i].text);
        text_trim(text);
        if (strcmp(text, cases[i].trimmed) != 0)
            fail_msg("case %zu", i);
    }
    for (int i = 0; i < 90; i++)
        strcat(hangul, "\xed\x95\x9c");
    problem_field(&problem, hangul, "x%s", hangul);
    assert_int_equal(strlen(problem.errors[0].field), PROBLEM_FIELD_MAX);
    assert_int_equal(strlen(problem.errors[0].reason), (PROBLEM_REASON_MAX - 1) / 3 * 3 + 1);
    problem_set(&problem, ST_INVALID, NULL, "xx%s", hangul);
    assert_int_equal(strlen(problem.detail), 254);
}

static void a_problem_keeps_its_fields_when_it_is_set(void **state)
{
    struct problem problem = {0};
    char long_text[1000];

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    problem_field(&problem, "email", "%s", long_text);
    assert_int_equal(strlen(problem.errors[0].reason), PROBLEM_REASON_MAX);
    problem_set(&problem, ST_UNPROCESSABLE, NULL, "%s", long_text);
    assert_string_equal(problem.code, "unprocessable");
    assert_int_equal(strlen(problem.detail), PROBLEM_DETAIL_MAX);
    assert_int_equal(problem.n_errors, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_left_never_goes_below_zero),
        cmocka_unit_test(a_narrower_call_never_gains_time),
        cmocka_unit_test(roles_are_whole_words),
        cmocka_unit_test(a_refusal_says_why_when_somebody_asks),
        cmocka_unit_test(wrong_fields_are_kept_in_order_up_to_a_limit),
        cmocka_unit_test(what_is_too_long_is_cut_at_a_character),
        cmocka_unit_test(a_problem_keeps_its_fields_when_it_is_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
