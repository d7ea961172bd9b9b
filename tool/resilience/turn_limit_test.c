/* turn_limit_test.c - a loop in simulated time, and crowds of whom each asks again when he is
 * answered: how long its turns are, how many are refused. */
#include "tool/resilience/turn_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TARGET_MS = 10, INTERVAL_MS = 500, CALM_MS = 2000, LEAST = 64, HOLD_MS = 1000 };

/* What a turn does takes so long: a request, one that is refused, and all else. */
struct world {
    struct turn_limit limit;
    double each_us, refused_us, fixed_us, now_us;
    unsigned ready; /* clients who have asked */
    unsigned held;  /* and those who hear in hold_us that they are refused */
    double hold_us;
    unsigned long served, refused;
    double longest_us; /* turn since it was looked at */
};

static struct world world_of(double each_us, unsigned clients)
{
    return (struct world){
        .limit = {.target_ms = TARGET_MS,
                  .interval_ms = INTERVAL_MS,
                  .calm_ms = CALM_MS,
                  .least = LEAST},
        .each_us = each_us,
        .refused_us = each_us / 2,
        .fixed_us = 50,
        .ready = clients
    };
}

static void turn(struct world *w)
{
    double took_us = w->fixed_us;
    unsigned asked = w->ready, refused = 0;

    if (w->held > 0 && w->now_us >= w->hold_us) {
        asked += w->held;
        w->held = 0;
    }
    for (unsigned i = 0; i < asked; i++) {
        bool may = turn_limit_enter(&w->limit);

        took_us += may ? w->each_us : w->refused_us;
        refused += !may;
    }
    if (refused > 0 && w->held == 0)
        w->hold_us = w->now_us + HOLD_MS * 1000.0;
    w->held += refused;
    w->ready = asked - refused;
    w->served += w->ready;
    w->refused += refused;
    if (took_us > w->longest_us)
        w->longest_us = took_us;
    turn_limit_turned(&w->limit, (int64_t)((w->now_us + took_us) / 1000),
                      (int64_t)((w->now_us + took_us) / 1000) - (int64_t)(w->now_us / 1000));
    w->now_us += took_us;
}

static void pass(struct world *w, double ms)
{
    double until_us = w->now_us + ms * 1000;

    while (w->now_us < until_us)
        turn(w);
}

static void as_many_as_come_are_begun_while_turns_are_short(void **state)
{
    struct world w = world_of(20, 400); /* 8 ms */

    (void)state;
    pass(&w, 60000);
    assert_int_equal(w.refused, 0);
    assert_int_equal(w.limit.limit, 0);
}

static void a_moment_of_long_turns_refuses_nobody(void **state)
{
    struct world w = world_of(20, 10000); /* a fifth of a second */

    (void)state;
    turn(&w);
    turn(&w);
    w.ready = 10;
    pass(&w, 1000);
    w.ready = 10000;
    turn(&w);
    w.ready = 10;
    pass(&w, 1000);
    assert_int_equal(w.refused, 0);
}

static void a_crowd_that_stays_gets_turns_of_the_length_that_is_asked(void **state)
{
    struct world w = world_of(20, 4000); /* 80 ms */
    unsigned long before;

    (void)state;
    pass(&w, INTERVAL_MS + 100);
    assert_true(w.limit.limit > 0);
    pass(&w, 5000);
    before = w.served;
    w.longest_us = 0;
    pass(&w, 10000);
    /* Once a second all of those who were refused are there again: half as dear, but many. */
    assert_true(w.longest_us < 50000);
    assert_true(w.served - before > 0.8 * 10000 / 0.020);
}

static void so_many_are_begun_however_long_it_takes(void **state)
{
    struct world w = world_of(1000, 200);

    (void)state;
    pass(&w, 10000);
    assert_int_equal(w.limit.limit, LEAST);
    assert_true(w.served >= 9000);
}

static void all_are_begun_again_once_nobody_was_refused_for_a_while(void **state)
{
    struct world w = world_of(20, 4000);

    (void)state;
    pass(&w, 3000);
    assert_true(w.limit.limit > 0);
    w.ready = 100;
    w.held = 0;
    pass(&w, CALM_MS + 100);
    assert_int_equal(w.limit.limit, 0);
    w.refused = 0;
    w.ready = 2000; /* 40 ms, but not for long */
    pass(&w, INTERVAL_MS / 2);
    assert_int_equal(w.refused, 0);
}

static void a_turn_that_begins_nothing_says_nothing_of_what_one_takes(void **state)
{
    struct world w = world_of(20, 4000);
    unsigned limit;

    (void)state;
    pass(&w, 900);
    limit = w.limit.limit;
    assert_true(limit > LEAST);
    turn_limit_turned(&w.limit, (int64_t)(w.now_us / 1000) + 200, 200); /* ten thousand are told */
    assert_int_equal(w.limit.limit, limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_as_come_are_begun_while_turns_are_short),
        cmocka_unit_test(a_moment_of_long_turns_refuses_nobody),
        cmocka_unit_test(a_crowd_that_stays_gets_turns_of_the_length_that_is_asked),
        cmocka_unit_test(so_many_are_begun_however_long_it_takes),
        cmocka_unit_test(all_are_begun_again_once_nobody_was_refused_for_a_while),
        cmocka_unit_test(a_turn_that_begins_nothing_says_nothing_of_what_one_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
