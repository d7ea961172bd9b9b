/* webhook_test.c - who signed is believed, and nobody else. */
#include "tool/crypto/webhook.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static const char SECRET[] = "whsec_test";
static const char BODY[] = "{\"id\":\"evt_1\"}";
enum { AT = 1767225600 };

/* printf '%s' '1767225600.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test */
#define MAC "45b40331de0325606dc5400202ade162460fbe48daf9401adfdcd0d7b4f35470"

static bool is_signed(const char *signature, const char *body, int64_t now_s)
{
    return webhook_is_signed(SECRET, signature, body, strlen(body), now_s);
}

static void a_signature_is_what_others_make_of_it(void **state)
{
    char out[WEBHOOK_SIGNATURE_MAX + 1];

    (void)state;
    assert_string_equal(webhook_sign(SECRET, AT, BODY, strlen(BODY), out), "t=1767225600,v1=" MAC);
    assert_true(is_signed(out, BODY, AT));
}

static void nothing_else_is_believed(void **state)
{
    static const struct {
        const char *why, *signature, *body;
        int64_t now_s;
        bool want;
    } cases[] = {
        {"as it was signed",      "t=1767225600,v1=" MAC,              BODY,                 AT,       true },
        {"five minutes later",    "t=1767225600,v1=" MAC,              BODY,                 AT + 300, true },
        {"later than that",       "t=1767225600,v1=" MAC,              BODY,                 AT + 301, false},
        {"five minutes ahead",    "t=1767225600,v1=" MAC,              BODY,                 AT - 300, true },
        {"further ahead",         "t=1767225600,v1=" MAC,              BODY,                 AT - 301, false},
        {"another body",          "t=1767225600,v1=" MAC,              "{\"id\":\"evt_2\"}", AT,       false},
        {"another time",          "t=1767225601,v1=" MAC,              BODY,                 AT,       false},
        {"the same time, longer", "t=01767225600,v1=" MAC,             BODY,                 AT,       false},
        {"another member first",  "v0=1,t=1767225600,v1=" MAC ",v2=1", BODY,                 AT,       true },
        {"two, one is right",     "t=1767225600,v1=00,v1=" MAC,        BODY,                 AT,       true },
        {"the first time counts", "t=1,t=1767225600,v1=" MAC,          BODY,                 AT,       false},
        {"no time",               "v1=" MAC,                           BODY,                 AT,       false},
        {"no signature",          "t=1767225600",                      BODY,                 AT,       false},
        {"an empty one",          "t=1767225600,v1=",                  BODY,                 AT,       false},
        {"one that is longer",    "t=1767225600,v1=" MAC "0",          BODY,                 AT,       false},
        {"a time that is none",   "t=-1767225600,v1=" MAC,             BODY,                 AT,       false},
        {"a huge time",           "t=99999999999999999999999,v1=" MAC, BODY,                 AT,       false},
        {"nothing",               "",                                  BODY,                 AT,       false},
        {"commas",                ",,,=,=,",                           BODY,                 AT,       false},
    };
    char other[WEBHOOK_SIGNATURE_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (is_signed(cases[i].signature, cases[i].body, cases[i].now_s) != cases[i].want)
            fail_msg("%s", cases[i].why);
    webhook_sign("another secret", AT, BODY, strlen(BODY), other);
    assert_false(is_signed(other, BODY, AT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_what_others_make_of_it),
        cmocka_unit_test(nothing_else_is_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
