/* argon2_choice_test.c - settings chosen on machines that are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/crypto/argon2_choice.h"

/* A machine that takes so long for a pass over a MiB, and for a MiB at first. */
struct machine {
    int64_t pass_us, first_us;
    unsigned memory_kib; /* it has no more */
    size_t measured;
};

static int64_t measure(void *arg, unsigned memory_kib, unsigned passes)
{
    struct machine *m = arg;

    m->measured++;
    if (memory_kib > m->memory_kib)
        return -1;
    return memory_kib * (m->first_us + m->pass_us * passes) / 1024;
}

static void a_setting_is_as_slow_as_wanted_and_no_weaker_than_it_must_be(void **state)
{
    static const struct {
        const char *why;
        struct machine machine;
        unsigned max_kib;
        int64_t wanted_us;
        unsigned memory_kib, passes; /* wanted */
        bool fits;
    } cases[] = {
        {"as today's default",   {700, 100, 1 << 20, 0},  19456,   40000,    19456,   2,  true },
        {"more time",            {700, 100, 1 << 20, 0},  19456,   100000,   19456,   7,  true },
        {"time for any passes",  {700, 100, 1 << 20, 0},  19456,   10000000, 19456,   10, true },
        {"more memory",          {700, 100, 1 << 20, 0},  65536,   250000,   65536,   5,  true },
        {"an odd amount",        {700, 100, 1 << 20, 0},  50000,   250000,   50000,   7,  true },
        {"all there may be",     {700, 100, 1 << 20, 0},  1048576, 10000000, 1048576, 10, true },
        {"a small machine",      {700, 100, 20000, 0},    65536,   250000,   19456,   10, true },
        {"little memory",        {700, 100, 1 << 20, 0},  8192,    1000000,  8192,    10, true },
        {"less than the list",   {700, 100, 1 << 20, 0},  8192,    28800,    8192,    5,  true },
        {"memory before passes", {700, 100, 1 << 20, 0},  47104,   37000,    47104,   1,  true },
        {"a slow machine",       {9000, 100, 1 << 20, 0}, 65536,   100000,   9216,    4,  false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct machine machine = cases[i].machine;
        struct argon2_choice choices[ARGON2_CHOICES_MAX], *c;
        size_t best, n = argon2_choose(measure, &machine, cases[i].max_kib, cases[i].wanted_us,
                                       choices, &best);
        assert_true(n > 0 && n <= ARGON2_CHOICES_MAX && best < n);
        c = &choices[best];
        if (c->memory_kib != cases[i].memory_kib || c->passes != cases[i].passes ||
            c->fits != cases[i].fits)
            fail_msg("%s: %u KiB, %u passes, fits %d", cases[i].why, c->memory_kib, c->passes,
                     c->fits);
        for (size_t k = 0; k < n; k++) {
            assert_true(choices[k].passes >= argon2_passes_min(choices[k].memory_kib));
            assert_int_equal(choices[k].us,
                             measure(&machine, choices[k].memory_kib, choices[k].passes));
        }
    }
}

static void a_machine_that_cannot_hash_has_no_choice(void **state)
{
    struct machine machine = {700, 100, 1000, 0};
    struct argon2_choice choices[ARGON2_CHOICES_MAX];
    size_t best;

    (void)state;
    assert_int_equal(argon2_choose(measure, &machine, 65536, 250000, choices, &best), 0);
}

static void the_minima_are_those_of_owasp(void **state)
{
    static const struct {
        unsigned memory_kib, passes;
    } cases[] = {
        {8192,    5},
        {9215,    5},
        {9216,    4},
        {12288,   3},
        {19455,   3},
        {19456,   2},
        {47103,   2},
        {47104,   1},
        {1048576, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(argon2_passes_min(cases[i].memory_kib), cases[i].passes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setting_is_as_slow_as_wanted_and_no_weaker_than_it_must_be),
        cmocka_unit_test(a_machine_that_cannot_hash_has_no_choice),
        cmocka_unit_test(the_minima_are_those_of_owasp),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
