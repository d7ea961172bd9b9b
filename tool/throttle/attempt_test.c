/* attempt_test.c - when somebody is held, and for how long; against a plain model. */
#include "tool/throttle/attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"

#define S INT64_C(1000000)
#define START (INT64_C(1767225600) * S)

static const struct throttle_rule RULE = {"test", 5, 900, 30, 900, true};

static void the_table_is_described_well(void **state)
{
    char text[TABLE_FAULT_MAX + 1];

    (void)state;
    assert_null(store_table_fault(&ATTEMPT_TABLE, text));
}

static void the_fifth_failure_within_a_window_holds(void **state)
{
    static const struct {
        const char *why;
        int64_t at_s[6]; /* ascending; the rest 0 */
        int want_s;      /* held after the last */
    } cases[] = {
        {"once",                         {1},                          0 },
        {"four times",                   {1, 2, 3, 4},                 0 },
        {"five times at once",           {1, 1, 1, 1, 1},              30},
        {"five times, slowly",           {1, 200, 400, 600, 900},      30},
        {"over two windows",             {1, 600, 1200, 1800, 2400},   0 },
        {"four, a long time, and again", {1, 2, 3, 4, 2000},           0 },
        {"four, and one much later",     {1, 2, 3, 4, 890},            30},
        {"the first has aged",           {1, 300, 600, 900, 961, 970}, 30},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct attempt a = {.id = {{1}}};
        int held_s = 0;
        for (size_t k = 0; k < ARRAY_LEN(cases[i].at_s) && cases[i].at_s[k]; k++) {
            int64_t now_us = START + cases[i].at_s[k] * S;
            assert_int_equal(attempt_held_s(&a, &RULE, now_us), 0);
            attempt_count(&a, &RULE, now_us);
            held_s = attempt_held_s(&a, &RULE, now_us);
        }
        if (held_s != cases[i].want_s)
            fail_msg("%s: held for %d s, want %d", cases[i].why, held_s, cases[i].want_s);
    }
}

static void each_hold_is_twice_as_long_up_to_the_longest(void **state)
{
    static const int WANT_S[] = {30, 60, 120, 240, 480, 900, 900, 900};
    struct attempt a = {.id = {{1}}};
    int64_t now_us = START;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_false(attempt_count(&a, &RULE, now_us));
    for (size_t i = 0; i < ARRAY_LEN(WANT_S); i++) {
        assert_true(attempt_count(&a, &RULE, now_us));
        assert_int_equal(attempt_held_s(&a, &RULE, now_us), WANT_S[i]);
        assert_int_equal(attempt_held_s(&a, &RULE, now_us + 1), WANT_S[i]);
        assert_int_equal(attempt_held_s(&a, &RULE, now_us + S), WANT_S[i] - 1);
        now_us += WANT_S[i] * S;
        assert_int_equal(attempt_held_s(&a, &RULE, now_us), 0);
        now_us += 899 * S; /* not quite quiet */
    }
    now_us += 2 * S;
    assert_false(attempt_count(&a, &RULE, now_us));
    assert_int_equal(a.holds, 0);
}

static void a_clock_that_is_set_back_holds_nobody_for_long(void **state)
{
    struct attempt a = {.id = {{1}}};

    (void)state;
    for (int i = 0; i < 5; i++)
        attempt_count(&a, &RULE, START);
    assert_int_equal(attempt_held_s(&a, &RULE, START - 60 * S), 0);
    assert_int_equal(attempt_held_s(&a, &RULE, START - 86400 * S), 0);
    assert_false(attempt_count(&a, &RULE, START - 86400 * S)); /* as if nothing had been */
    assert_int_equal(attempt_held_s(&a, &RULE, START - 86400 * S), 0);
    a = (struct attempt){.id = {{1}}};
    for (int i = 0; i < 4; i++)
        assert_false(attempt_count(&a, &RULE, START + i * S));
    assert_true(attempt_count(&a, &RULE, START - 120 * S)); /* a little: they count all the same */
}

/* The model: every failure that was told, as a time, and what has come of the holds. */
struct model {
    int64_t told_us[4096];
    size_t n, from; /* from: the first since all was forgotten */
    int holds;
    int64_t until_us;
};

static bool model_counts(struct model *m, const struct throttle_rule *rule, int64_t now_us)
{
    const int64_t window_us = rule->window_s * S, slot_us = window_us / 15;
    int within = 0;

    if (m->holds > 0 && now_us >= m->until_us + window_us) {
        m->holds = 0;
        m->from = m->n;
    }
    m->told_us[m->n++] = now_us;
    for (size_t i = m->from; i < m->n; i++)
        if (now_us / slot_us - m->told_us[i] / slot_us < ATTEMPT_SLOTS)
            within++;
    if (m->holds == 0 && within < rule->limit)
        return false;
    m->holds++;
    m->until_us = rule->first_hold_s;
    for (int i = 1; i < m->holds && m->until_us < rule->longest_hold_s; i++)
        m->until_us *= 2;
    if (m->until_us > rule->longest_hold_s)
        m->until_us = rule->longest_hold_s;
    m->until_us = now_us + m->until_us * S;
    return true;
}

static uint64_t below(uint64_t *random, uint64_t n)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (*random >> 16) % n;
}

/* At the moments that matter, and just beside them. */
static int64_t step_us(uint64_t *random, const struct throttle_rule *rule, const struct model *m,
                       int64_t now_us)
{
    const int64_t window_us = rule->window_s * S;

    switch (below(random, 8)) {
    case 0:
        return 0;
    case 1:
        return window_us / 15 - 1 + (int64_t)below(random, 3);
    case 2:
        return window_us - 1 + (int64_t)below(random, 3);
    case 3:
        return m->until_us > now_us ? m->until_us - now_us : 1;
    case 4:
        return m->until_us + window_us > now_us ? m->until_us + window_us - now_us : 1;
    case 5:
        return (int64_t)below(random, (uint64_t)window_us * 2);
    default:
        return (int64_t)below(random, (uint64_t)window_us / 4);
    }
}

static void it_is_held_as_a_plain_model_has_it(void **state)
{
    static const struct throttle_rule RULES[] = {
        {"login",  5,   900,  30, 900,   true },
        {"many",   50,  900,  30, 900,   false},
        {"all",    255, 15,   1,  1,     false},
        {"one",    1,   60,   5,  37,    false},
        {"hourly", 3,   3600, 60, 86400, false},
    };

    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        const struct throttle_rule *rule = &RULES[seed % ARRAY_LEN(RULES)];
        struct model *m = MEM_NEW(struct model);
        struct attempt a = {.id = {{1}}};
        uint64_t random = seed * 0x9e3779b97f4a7c15;
        int64_t now_us = START, last_us = 0;
        for (int i = 0; i < 2000; i++) {
            int held_s = attempt_held_s(&a, rule, now_us);
            int want_s = m->until_us > now_us ? (int)((m->until_us - now_us + S - 1) / S) : 0;
            if (held_s != want_s)
                fail_msg("seed %lu, step %d: held for %d s, want %d", seed, i, held_s, want_s);
            if (held_s == 0) {
                bool held = attempt_count(&a, rule, now_us);
                if (held != model_counts(m, rule, now_us))
                    fail_msg("seed %lu, step %d: held %d", seed, i, held);
                last_us = now_us;
            }
            assert_true(a.over_us >= now_us || now_us > last_us);
            assert_int_equal(strlen(a.recent), 2 * ATTEMPT_SLOTS);
            now_us += step_us(&random, rule, m, now_us);
        }
        free(m);
    }
}

/* What the purge takes away would have said nothing. */
static void a_row_that_is_over_is_as_good_as_none(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct attempt a = {.id = {{1}}}, none;
        uint64_t random = seed * 0x9e3779b97f4a7c15;
        int64_t now_us = START;
        for (int i = 0; i < 40; i++) {
            if (attempt_held_s(&a, &RULE, now_us) == 0)
                attempt_count(&a, &RULE, now_us);
            now_us += (int64_t)below(&random, 300 * (uint64_t)S);
        }
        none = (struct attempt){.id = a.id};
        now_us = a.over_us;
        assert_int_equal(attempt_held_s(&a, &RULE, now_us), 0);
        attempt_count(&a, &RULE, now_us);
        attempt_count(&none, &RULE, now_us);
        assert_memory_equal(&a, &none, sizeof(a));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_described_well),
        cmocka_unit_test(the_fifth_failure_within_a_window_holds),
        cmocka_unit_test(each_hold_is_twice_as_long_up_to_the_longest),
        cmocka_unit_test(a_clock_that_is_set_back_holds_nobody_for_long),
        cmocka_unit_test(it_is_held_as_a_plain_model_has_it),
        cmocka_unit_test(a_row_that_is_over_is_as_good_as_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
