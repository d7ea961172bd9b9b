/* rule_check_test.c - rules, unit by unit. */
#include "tool/encoder/rule_check.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static bool is_even(const char *text)
{
    return strlen(text) % 2 == 0;
}

static const struct rule CHARACTERS = {.min = 2, .max = 3, .reason = "length"};
static const struct rule BYTES = {.min = 2, .max = 3, .unit = RULE_BYTES, .reason = "length"};
static const struct rule PATTERN = {.max = 9, .pattern = "^[^@ ]+@[^@ ]+$", .reason = "pattern"};
static const struct rule CHECKED = {.max = 9, .reason = "check", .check = is_even};
static const struct rule PLAIN = {.max = 9, .reason = "length"};
static const struct rule CONTROL = {.max = 9, .reason = "length", .control_allowed = true};

static void each_part_of_a_rule_refuses_with_its_reason(void **state)
{
    static const char NO_CONTROL[] = "must not hold control characters";
    static const struct {
        const char *why, *text;
        const struct rule *rule;
        const char *want;
    } cases[] = {
        {"below the minimum",              "a",              &CHARACTERS, "length"  },
        {"at the minimum",                 "ab",             &CHARACTERS, NULL      },
        {"at the maximum",                 "abc",            &CHARACTERS, NULL      },
        {"above the maximum",              "abcd",           &CHARACTERS, "length"  },
        {"three characters of four bytes", "😀😀😀",   &CHARACTERS, NULL      },
        {"one character of two bytes",     "é",             &CHARACTERS, "length"  },
        {"two bytes are two bytes",        "é",             &BYTES,      NULL      },
        {"four bytes are too many",        "éé",           &BYTES,      "length"  },
        {"pattern keeps",                  "a@b",            &PATTERN,    NULL      },
        {"pattern with multi-byte text",   "ü@é",          &PATTERN,    NULL      },
        {"pattern refuses",                "a@b@c",          &PATTERN,    "pattern" },
        {"check keeps",                    "ab",             &CHECKED,    NULL      },
        {"check refuses",                  "abc",            &CHECKED,    "check"   },
        {"line feed",                      "a\nb",           &PLAIN,      NO_CONTROL},
        {"unit separator, the last of C0", "\x1f",           &PLAIN,      NO_CONTROL},
        {"delete",                         "a\x7f",          &PLAIN,      NO_CONTROL},
        {"U+0080, the first of C1",        "\xc2\x80",       &PLAIN,      NO_CONTROL},
        {"U+009F, the last of C1",         "\xc2\x9f",       &PLAIN,      NO_CONTROL},
        {"U+00A0 is no control character", "\xc2\xa0",       &PLAIN,      NULL      },
        {"80 inside another character",    "\xe2\x82\x80",   &PLAIN,      NULL      },
        {"control where it is allowed",    "\n\x7f\xc2\x80", &CONTROL,    NULL      },
        {"nothing, where that is allowed", "",               &PLAIN,      NULL      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = rule_refusal(cases[i].rule, cases[i].text);
        bool same = !got || !cases[i].want ? got == cases[i].want : strcmp(got, cases[i].want) == 0;
        if (!same)
            fail_msg("%s: got %s", cases[i].why, got ? got : "accepted");
        assert_int_equal(rule_accepts(cases[i].rule, cases[i].text), got == NULL);
    }
}

static void *check_many(void *arg)
{
    static const char *const patterns[] = {"^a+$", "^b+$", "^c+$", "^d+$"};
    uintptr_t wrong = 0;

    (void)arg;
    for (int i = 0; i < 400; i++) {
        struct rule rule = {.max = 9, .pattern = patterns[i % 4], .reason = "pattern"};
        char text[] = {(char)('a' + i % 4), '\0'};
        wrong += !rule_accepts(&rule, text) + rule_accepts(&rule, "z");
    }
    return (void *)wrong;
}

static void patterns_are_shared_by_threads(void **state)
{
    pthread_t threads[4];
    void *wrong;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, check_many, NULL), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_of_a_rule_refuses_with_its_reason),
        cmocka_unit_test(patterns_are_shared_by_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
