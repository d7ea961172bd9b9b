/* operation_test.c - which refusals are an operation's. */
#include "tool/encoder/operation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"

static const struct operation_error ERRORS[] = {
    {ST_CONFLICT,    "sold_out", "There is none left."},
    {ST_UNAVAILABLE, "closed",   "It is night."       },
    {ST_OK,          NULL,       NULL                 },
};
static const struct operation FOR_ALL = {.subject = "shop.buy", .errors = ERRORS};
static const struct operation FOR_CALLERS = {
    .subject = "shop.ask", .access = {ACCESS_CALLER, NULL, 0}
};
static const struct operation FOR_STAFF = {
    .subject = "shop.do", .access = {ACCESS_ROLE, "staff", 0}
};

static void its_own_and_the_usual_ones(void **state)
{
    static const struct {
        const struct operation *op;
        enum status st;
        const char *code;
        bool want;
    } cases[] = {
        {&FOR_ALL,     ST_CONFLICT,        "sold_out",        true },
        {&FOR_ALL,     ST_NOT_FOUND,       "sold_out",        false},
        {&FOR_ALL,     ST_CONFLICT,        "sold",            false},
        {&FOR_ALL,     ST_CONFLICT,        "conflict",        false},
        {&FOR_ALL,     ST_NOT_FOUND,       "not_found",       false},
        {&FOR_ALL,     ST_INVALID,         "invalid_request", true },
        {&FOR_ALL,     ST_INVALID,         "invalid",         false},
        {&FOR_ALL,     ST_UNAVAILABLE,     "unavailable",     true },
        {&FOR_ALL,     ST_UNAVAILABLE,     "closed",          true },
        {&FOR_ALL,     ST_UNAUTHENTICATED, "unauthenticated", false},
        {&FOR_CALLERS, ST_UNAUTHENTICATED, "unauthenticated", true },
        {&FOR_CALLERS, ST_FORBIDDEN,       "forbidden",       false},
        {&FOR_STAFF,   ST_FORBIDDEN,       "forbidden",       true },
        {&FOR_STAFF,   ST_CONFLICT,        "sold_out",        false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (operation_declares(cases[i].op, cases[i].st, cases[i].code) != cases[i].want)
            fail_msg("%s: %s %s", cases[i].op->subject, status_name(cases[i].st), cases[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_own_and_the_usual_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
