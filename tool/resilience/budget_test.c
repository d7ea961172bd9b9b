/* budget_test.c - what may be asked again, by answers and by time; and how long answers take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/resilience/budget.h"
#include "tool/resilience/pace.h"

static const struct budget_policy POLICY = {.per_answer = 100, .per_second = 2000, .most = 5};

static unsigned spend_all(struct budget *budget, int64_t now_ms)
{
    unsigned n = 0;

    while (budget_spend(budget, now_ms))
        n++;
    return n;
}

static void it_begins_full_and_is_spent(void **state)
{
    struct budget budget;

    (void)state;
    budget_init(&budget, &POLICY, 1000);
    assert_int_equal(spend_all(&budget, 1000), 5);
    assert_false(budget_spend(&budget, 1000));
}

static void answers_and_time_earn_tries_up_to_a_bound(void **state)
{
    static const struct {
        int answers;
        int64_t ms;
        unsigned want;
    } cases[] = {
        {9,   0,       0},
        {10,  0,       1},
        {39,  0,       3},
        {0,   499,     0},
        {0,   500,     1},
        {10,  1000,    3},
        {999, 0,       5},
        {0,   3600000, 5},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct budget budget;
        budget_init(&budget, &POLICY, 1000);
        spend_all(&budget, 1000);
        for (int k = 0; k < cases[i].answers; k++)
            budget_earn(&budget, POLICY.per_answer);
        if (spend_all(&budget, 1000 + cases[i].ms) != cases[i].want)
            fail_msg("case %zu", i);
    }
}

static void time_that_is_looked_at_often_is_not_lost(void **state)
{
    struct budget budget;
    unsigned n = 0;

    (void)state;
    budget_init(&budget, &POLICY, 0);
    spend_all(&budget, 0);
    for (int64_t now_ms = 1; now_ms <= 10000; now_ms++)
        n += budget_spend(&budget, now_ms);
    assert_int_equal(n, 20);
}

/* Of n answers 19 of 20 take between 0 and most, the last one ten times as long. */
static void answer(struct pace *pace, int n, int64_t most_us)
{
    static int64_t now_ms;
    uint64_t random = 1;

    for (int i = 0; i < n; i++) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        pace_answer(pace, ++now_ms, (int64_t)(random >> 33) % most_us * (i % 20 == 19 ? 10 : 1));
    }
}

static void the_pace_follows_what_most_answers_take(void **state)
{
    static const int64_t MOST_US[] = {2000, 100000, 2000, 500};
    struct pace pace = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(MOST_US); i++) {
        answer(&pace, 4000, MOST_US[i]);
        assert_in_range(pace.p95_us, MOST_US[i] / 2, MOST_US[i] * 3);
    }
}

static void the_pace_is_known_after_few_answers(void **state)
{
    struct pace pace = {0};

    (void)state;
    for (int i = 0; i < PACE_KNOWN; i++)
        pace_answer(&pace, i, 1000);
    assert_in_range(pace.p95_us, 900, 1500);
    for (int i = 0; i < 100; i++)
        pace_answer(&pace, 1000, 0);
    assert_true(pace.p95_us > 0);
}

static void what_waited_for_the_same_thing_counts_as_one(void **state)
{
    struct pace pace = {0};
    int64_t before;

    (void)state;
    answer(&pace, 4000, 2000);
    before = pace.p95_us;
    for (int i = 0; i < 256; i++) /* all that was under way while a machine stood still */
        pace_answer(&pace, 1, 900000);
    assert_in_range(pace.p95_us, before, before * 11 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_full_and_is_spent),
        cmocka_unit_test(answers_and_time_earn_tries_up_to_a_bound),
        cmocka_unit_test(time_that_is_looked_at_often_is_not_lost),
        cmocka_unit_test(the_pace_follows_what_most_answers_take),
        cmocka_unit_test(the_pace_is_known_after_few_answers),
        cmocka_unit_test(what_waited_for_the_same_thing_counts_as_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
