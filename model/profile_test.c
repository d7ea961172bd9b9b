/* profile_test.c - what a name, an e-mail address and a phone number may be. */
#include "model/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/encoder/rule_check.h"

static void a_name_is_1_to_64_characters(void **state)
{
    char text[PROFILE_NAME_BYTES_MAX + 8] = "";

    (void)state;
    assert_false(rule_accepts(&PROFILE_NAME_RULE, ""));
    assert_true(rule_accepts(&PROFILE_NAME_RULE, "A"));
    assert_true(rule_accepts(&PROFILE_NAME_RULE, "\xea\xb9\x80\xed\x95\x98\xeb\x82\x98"));
    for (int i = 0; i < 64; i++)
        strcat(text, "\xf0\x9f\x98\x80");
    assert_true(rule_accepts(&PROFILE_NAME_RULE, text));
    assert_true(strlen(text) <= PROFILE_NAME_BYTES_MAX);
    strcat(text, "a");
    assert_false(rule_accepts(&PROFILE_NAME_RULE, text));
    assert_false(rule_accepts(&PROFILE_NAME_RULE, "a\tb"));
    assert_false(rule_accepts(&PROFILE_NAME_RULE, "a\x7f"));
    assert_false(rule_accepts(&PROFILE_NAME_RULE, "a\xc2\x85"));
}

static void an_email_has_one_at_with_something_on_both_sides(void **state)
{
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"a@b",                     true },
        {"Alice.B+tag@Example.org", true },
        {"\xc3\xbc@\xc3\xa9",       true },
        {"a@",                      false},
        {"@b",                      false},
        {"@@@",                     false},
        {"a@b@c",                   false},
        {"abc",                     false},
        {"",                        false},
        {"a b@c",                   false},
        {"a@b ",                    false},
        {"a@b\n",                   false},
        {"a@\xc2\x9f"
         "b",              false},
    };
    char text[PROFILE_EMAIL_MAX + 2];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (rule_accepts(&PROFILE_EMAIL_RULE, cases[i].text) != cases[i].want)
            fail_msg("\"%s\" %s", cases[i].text, cases[i].want ? "refused" : "accepted");
    memset(text, 'x', sizeof(text));
    text[5] = '@';
    text[PROFILE_EMAIL_MAX + 1] = '\0';
    assert_false(rule_accepts(&PROFILE_EMAIL_RULE, text));
    text[PROFILE_EMAIL_MAX] = '\0';
    assert_true(rule_accepts(&PROFILE_EMAIL_RULE, text));
}

static void a_phone_number_is_stored_without_separators(void **state)
{
    static const struct {
        const char *text, *stored; /* NULL = refused */
    } cases[] = {
        {"1234567",                                                  "1234567"         },
        {"+1234567",                                                 "+1234567"        },
        {"010-1234-5678",                                            "01012345678"     },
        {"+82 10 - 1234  5678",                                      "+821012345678"   },
        {"123456789012345",                                          "123456789012345" },
        {"+1-2-3-4-5-6-7-8-9-0-1-2-3-4-5",                           "+123456789012345"},
        {"123456",                                                   NULL              },
        {"12-34-56",                                                 NULL              },
        {"1234567890123456",                                         NULL              },
        {"",                                                         NULL              },
        {"+",                                                        NULL              },
        {"+ 1234567",                                                NULL              },
        {"-1234567",                                                 NULL              },
        {"1234567-",                                                 NULL              },
        {" 1234567",                                                 NULL              },
        {"1234567 ",                                                 NULL              },
        {"++1234567",                                                NULL              },
        {"123+4567",                                                 NULL              },
        {"123.4567",                                                 NULL              },
        {"(02)1234567",                                              NULL              },
        {"1234567\n",                                                NULL              },
        {"\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6\xd9\xa7", NULL              },
        {"1                                                       "
         "         234567",                                 NULL              },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[PROFILE_PHONE_RAW_MAX + 1];
        bool accepted = rule_accepts(&PROFILE_PHONE_RULE, cases[i].text);

        if (accepted != (cases[i].stored != NULL))
            fail_msg("\"%s\" %s", cases[i].text, accepted ? "accepted" : "refused");
        if (!accepted)
            continue;
        assert_true(TEXT_COPY(text, cases[i].text));
        PROFILE_PHONE_RULE.normalise(text);
        assert_string_equal(text, cases[i].stored);
        assert_true(rule_accepts(&PROFILE_PHONE_RULE, text)); /* registered again as it is stored */
    }
}

static void emails_compare_without_case_keyboard_and_xn(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"Alice@EXAMPLE.Org",      "alice@example.org",             true },
        {"Ü[`{Z@b",               "ü[`{z@B",                      true },
        {"ИВАН@example.org",   "иван@example.org",          true },
        {"É@example.org",         "é@example.org",                true },
        {"E\u0301@example.org",    "é@example.org",                true },
        {"jose\u0301@example.org", "josé@example.org",             true },
        {"josé@example.org",      "jose@example.org",              false},
        {"a@bücher.example",      "a@BÜCHER.example",             true },
        {"a@bücher.example",      "a@xn--bcher-kva.example",       true },
        {"a@bücher.example",      "a@XN--BCHER-KVA.Example",       true },
        {"a@bu\u0308cher.example", "a@bücher.example",             true },
        {"a@faß.de",              "a@fass.de",                     false},
        {"strasse@b",              "STRAßE@b",                     true },
        {"한@빛.한국",         "\u1112\u1161\u11ab@빛.한국", true },
        {"a@Ü\u2603.-é",         "A@ü\u2603.-É",                true }, /* no domain for IDNA */
        {"a@a_b.example",          "a@A_B.example",                 true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char a[PROFILE_EMAIL_MAX + 1], b[PROFILE_EMAIL_MAX + 1], again[PROFILE_EMAIL_MAX + 1];
        profile_email_key(cases[i].a, a);
        profile_email_key(cases[i].b, b);
        if ((strcmp(a, b) == 0) != cases[i].same)
            fail_msg("%s, %s: %s, %s", cases[i].a, cases[i].b, a, b);
        profile_email_key(a, again);
        assert_string_equal(again, a);
        assert_true(rule_accepts(&PROFILE_EMAIL_RULE, cases[i].a));
    }
}

static void an_email_that_is_too_long_to_compare_is_lower_cased(void **state)
{
    char key[PROFILE_EMAIL_MAX + 1], longest[PROFILE_EMAIL_MAX + 1];

    (void)state;
    memset(longest, 'Q', PROFILE_EMAIL_MAX);
    longest[PROFILE_EMAIL_MAX] = '\0';
    profile_email_key(longest, key);
    assert_int_equal(strlen(key), PROFILE_EMAIL_MAX);
    assert_int_equal(strspn(key, "q"), PROFILE_EMAIL_MAX);
    memcpy(longest + 243, "@\u00e9.\u00e9.\u00e9.x", 11); /* too long in ASCII */
    assert_false(rule_accepts(&PROFILE_EMAIL_RULE, longest));
    assert_null(rule_refusal_inside(&PROFILE_EMAIL_RULE, longest)); /* once it was accepted */
    profile_email_key(longest, key);
    assert_int_equal(strspn(key, "q"), 243);
    assert_string_equal(key + 243, "@\u00e9.\u00e9.\u00e9.x");
}

static void what_nobody_can_see_is_no_name_and_no_email(void **state)
{
    static const struct {
        const char *text;
        bool name; /* else refused */
        bool email;
    } cases[] = {
        {"김하나",                true,  true },
        {"\u1100\u1161",             true,  true },
        {"jose\u0301",               true,  true },
        {"👩\u200d👩\u200d👧", true,  true }, /* ZWJ inside */
        {"می\u200cخواهم",     true,  true }, /* ZWNJ inside */
        {"❤\ufe0f",                true,  true },
        {"\u05d0\u200f!",            true,  false}, /* a mark may be needed in a name */
        {"a\u00a0b",                 true,  false},
        {"a\u3000b",                 true,  false},
        {"a\u200bb",                 true,  false},
        {"\u0378",                   false, false}, /* not assigned */
        {"a\u0378",                  true,  false},
        {"   ",                      false, false},
        {"\u3000",                   false, false},
        {"\u200b\u200b",             false, false},
        {"\u200d",                   false, false},
        {"\u3164",                   false, false},
        {"\u115f\u1160",             false, false},
        {"\u2800",                   false, false},
        {"\u200e",                   false, false},
        {"\u202e",                   false, false},
        {"a\u202eb",                 false, false},
        {"a\u2066b\u2069",           false, false},
        {"a\u2028b",                 false, false},
        {"a\u2029",                  false, false},
        {"a\ufdd0",                  false, false},
        {"a\ufffe",                  false, false},
        {"\u0301",                   false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char before[64], behind[64];
        snprintf(before, sizeof(before), "%s@example.org", cases[i].text);
        snprintf(behind, sizeof(behind), "a@%s", cases[i].text);
        if (rule_accepts(&PROFILE_NAME_RULE, cases[i].text) != cases[i].name)
            fail_msg("name %zu %s", i, cases[i].name ? "refused" : "accepted");
        if (rule_accepts(&PROFILE_EMAIL_RULE, before) != cases[i].email)
            fail_msg("e-mail %zu %s", i, cases[i].email ? "refused" : "accepted");
        if (rule_accepts(&PROFILE_EMAIL_RULE, behind) != cases[i].email)
            fail_msg("domain %zu %s", i, cases[i].email ? "refused" : "accepted");
        /* A release before may have kept it. */
        assert_null(rule_refusal_inside(&PROFILE_NAME_RULE, cases[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_1_to_64_characters),
        cmocka_unit_test(an_email_has_one_at_with_something_on_both_sides),
        cmocka_unit_test(a_phone_number_is_stored_without_separators),
        cmocka_unit_test(emails_compare_without_case_keyboard_and_xn),
        cmocka_unit_test(an_email_that_is_too_long_to_compare_is_lower_cased),
        cmocka_unit_test(what_nobody_can_see_is_no_name_and_no_email),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
