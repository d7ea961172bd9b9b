/* profile_test.c - what a name, an e-mail address and a phone number may be. */
#include "model/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
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

static void emails_compare_without_case(void **state)
{
    char key[PROFILE_EMAIL_MAX + 1], longest[PROFILE_EMAIL_MAX + 1];

    (void)state;
    profile_email_key("Alice@EXAMPLE.Org", key);
    assert_string_equal(key, "alice@example.org");
    profile_email_key("\xc3\x9c[`{Z@b", key);
    assert_string_equal(key, "\xc3\x9c[`{z@b");
    memset(longest, 'Q', PROFILE_EMAIL_MAX);
    longest[PROFILE_EMAIL_MAX] = '\0';
    profile_email_key(longest, key);
    assert_int_equal(strlen(key), PROFILE_EMAIL_MAX);
    assert_int_equal(strspn(key, "q"), PROFILE_EMAIL_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_1_to_64_characters),
        cmocka_unit_test(an_email_has_one_at_with_something_on_both_sides),
        cmocka_unit_test(a_phone_number_is_stored_without_separators),
        cmocka_unit_test(emails_compare_without_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
