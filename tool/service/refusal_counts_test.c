/* refusal_counts_test.c - refusals are counted by the codes that an operation declares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/service/refusal_counts.h"

static const struct operation_error ERRORS[] = {
    {ST_CONFLICT,  "sold_out",  "There are not so many."},
    {ST_CONFLICT,  "gone",      "It is not sold."       },
    {ST_NOT_FOUND, "not_found", "There is none."        },
    {ST_OK,        NULL,        NULL                    },
};
static const struct operation RESERVE = {.subject = "shop.reserve", .errors = ERRORS};
static const struct operation LOOK = {.subject = "shop.look"};

static void each_declared_code_has_a_counter(void **state)
{
    static const struct {
        enum status st;
        const char *code;
        int times;
    } cases[] = {
        {ST_CONFLICT,    "sold_out",    2},
        {ST_NOT_FOUND,   "not_found",   1},
        {ST_NOT_FOUND,   "sold_out",    1}, /* of another status: not that one */
        {ST_UNAVAILABLE, "unavailable", 1},
    };
    struct metrics *metrics = metrics_create();
    struct metric **all = refusal_counts_create(metrics, &RESERVE, "subject=\"shop.reserve\"");
    size_t len;
    char *text;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (int times = 0; times < cases[i].times; times++)
            refusal_counts_add(all, &RESERVE, cases[i].st, cases[i].code);
    text = metrics_text(metrics, &len);
    assert_non_null(
        strstr(text, "hanok_refusals_total{subject=\"shop.reserve\",code=\"sold_out\"} 2\n"));
    assert_non_null(
        strstr(text, "hanok_refusals_total{subject=\"shop.reserve\",code=\"gone\"} 0\n"));
    assert_non_null(
        strstr(text, "hanok_refusals_total{subject=\"shop.reserve\",code=\"not_found\"} 1\n"));
    assert_null(strstr(text, "code=\"unavailable\""));
    free(text);
    free(all);
    metrics_destroy(metrics);
}

static void what_declares_none_counts_none(void **state)
{
    struct metrics *metrics = metrics_create();

    (void)state;
    assert_null(refusal_counts_create(metrics, &LOOK, ""));
    refusal_counts_add(NULL, &LOOK, ST_CONFLICT, "sold_out");
    metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_declared_code_has_a_counter),
        cmocka_unit_test(what_declares_none_counts_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
