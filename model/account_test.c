/* account_test.c - what a login id and a password may be. */
#include "model/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/encoder/rule_check.h"

static void a_login_id_starts_with_a_letter_and_is_lower_cased(void **state)
{
    static const struct {
        const char *text, *stored; /* NULL = refused */
    } cases[] = {
        {"abcd",                              "abcd"                            },
        {"Alice.B_c-9",                       "alice.b_c-9"                     },
        {"ZZZZ",                              "zzzz"                            },
        {"a...",                              "a..."                            },
        {"aabcdefghijklmnopqrstuvwxyz01234",  "aabcdefghijklmnopqrstuvwxyz01234"},
        {"aabcdefghijklmnopqrstuvwxyz012345", NULL                              },
        {"",                                  NULL                              },
        {"abc",                               NULL                              },
        {"1abc",                              NULL                              },
        {".abc",                              NULL                              },
        {"ab c",                              NULL                              },
        {" abcd",                             NULL                              },
        {"abcd ",                             NULL                              },
        {"abcd\n",                            NULL                              },
        {"abc@d",                             NULL                              },
        {"abc\xc3\xa9",                       NULL                              },
        {"\xe2\x84\xaa"
         "bcd",                      NULL                              },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[LOGIN_ID_MAX + 8];
        bool accepted = rule_accepts(&LOGIN_ID_RULE, cases[i].text);

        if (accepted != (cases[i].stored != NULL))
            fail_msg("\"%s\" %s", cases[i].text, accepted ? "accepted" : "refused");
        if (!accepted)
            continue;
        assert_true(TEXT_COPY(text, cases[i].text));
        LOGIN_ID_RULE.normalise(text);
        assert_string_equal(text, cases[i].stored);
    }
}

static void a_password_is_8_to_128_bytes_of_anything(void **state)
{
    char text[PASSWORD_MAX + 8];

    (void)state;
    memset(text, 'x', sizeof(text));
    text[129] = '\0';
    assert_false(rule_accepts(&PASSWORD_RULE, text));
    text[128] = '\0';
    assert_true(rule_accepts(&PASSWORD_RULE, text));
    assert_false(rule_accepts(&PASSWORD_RULE, ""));
    assert_false(rule_accepts(&PASSWORD_RULE, "1234567"));
    assert_true(rule_accepts(&PASSWORD_RULE, "12345678"));
    assert_true(rule_accepts(&PASSWORD_RULE, "        "));
    assert_true(rule_accepts(&PASSWORD_RULE, "\x01\n\x7f\xc2\x85 ok"));
    assert_true(rule_accepts(&PASSWORD_RULE, "\xf0\x9f\x94\x91\xf0\x9f\x94\x91"));
    assert_false(rule_accepts(&PASSWORD_RULE, "\xf0\x9f\x94\x91\xe2\x82\xac"));
    assert_null(PASSWORD_RULE.normalise);
}

static void a_password_is_counted_as_it_is_hashed(void **state)
{
    char text[PASSWORD_MAX + 8] = "";

    (void)state;
    for (int i = 0; i < 42; i++)
        strcat(text, "\u1112\u1161\u11ab"); /* 378 bytes, and 126 when put together */
    assert_true(rule_accepts(&PASSWORD_RULE, text));
    strcat(text, "xx");
    assert_true(rule_accepts(&PASSWORD_RULE, text));
    strcat(text, "x");
    assert_false(rule_accepts(&PASSWORD_RULE, text));
    assert_false(rule_accepts(&PASSWORD_RULE, "a\u3000b\u3000c\u3000d")); /* 7 bytes */
    assert_true(rule_accepts(&PASSWORD_RULE, "a\u3000b\u3000c\u3000d "));
    assert_true(rule_accepts(&PASSWORD_RULE, "a\u0958\u0958")); /* 7 bytes as typed, 13 as hashed */
}

static void a_password_of_before_may_have_been_counted_as_typed(void **state)
{
    static const char SHORT[] = "\u1112\u1161\u11ab\u1100\u1173"; /* 15 bytes, and 6 as hashed */
    char text[PASSWORD_MAX + 8] = "";

    (void)state;
    for (int i = 0; i < 42; i++)
        strcat(text, "\u0958"); /* 126 bytes, and 252 as hashed */
    assert_false(rule_accepts(&PASSWORD_RULE, SHORT));
    assert_true(rule_accepts(&PASSWORD_GIVEN_RULE, SHORT));
    assert_false(rule_accepts(&PASSWORD_RULE, text));
    assert_true(rule_accepts(&PASSWORD_GIVEN_RULE, text));
    assert_true(rule_accepts(&PASSWORD_GIVEN_RULE, "12345678"));
    assert_false(rule_accepts(&PASSWORD_GIVEN_RULE, "1234567"));
}

static void each_status_has_the_name_of_its_table(void **state)
{
    (void)state;
    assert_string_equal(ACCOUNT_STATUS_NAMES[ACCOUNT_SIGNUP_PENDING], "SIGNUP_PENDING");
    assert_string_equal(ACCOUNT_STATUS_NAMES[ACCOUNT_ACTIVE], "ACTIVE");
    assert_string_equal(ACCOUNT_STATUS_NAMES[ACCOUNT_WITHDRAW_PENDING], "WITHDRAW_PENDING");
    assert_null(ACCOUNT_STATUS_NAMES[ACCOUNT_WITHDRAW_PENDING + 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_id_starts_with_a_letter_and_is_lower_cased),
        cmocka_unit_test(a_password_is_8_to_128_bytes_of_anything),
        cmocka_unit_test(a_password_is_counted_as_it_is_hashed),
        cmocka_unit_test(a_password_of_before_may_have_been_counted_as_typed),
        cmocka_unit_test(each_status_has_the_name_of_its_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
