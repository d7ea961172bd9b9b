#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/timer_wheel.h"

static int64_t now;

static int64_t test_now(const struct clock *self)
{
    (void)self;
    return now;
}

static const struct clock CLOCK_TEST = {.now_ms = test_now};
static struct timer_wheel wheel;

static int reset(void **state)
{
    (void)state;
    now = 123457;
    timer_wheel_init(&wheel, &CLOCK_TEST);
    return 0;
}

static void count(void *arg)
{
    ++*(int *)arg;
}

static void a_timer_is_never_early_and_at_most_a_tick_late(void **state)
{
    static const int64_t DELAYS[] = {0, 1, 9, 10, 11, 999, 10239, 10240, 10241, 30000, 100000};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(DELAYS); i++) {
        int fired = 0;
        struct loop_timer timer = {.fn = count, .arg = &fired};
        int64_t set_ms = now;

        timer_wheel_set(&wheel, &timer, DELAYS[i]);
        while (!fired) {
            now++;
            timer_wheel_run(&wheel);
            assert_true(now - set_ms <= DELAYS[i] + TIMER_TICK_MS);
        }
        assert_true(now - set_ms >= DELAYS[i]);
    }
}

static void the_wait_reaches_the_next_timer(void **state)
{
    int fired = 0;
    struct loop_timer timer = {.fn = count, .arg = &fired};

    (void)state;
    assert_int_equal(timer_wheel_wait_ms(&wheel), -1);
    for (int64_t delay = 1; delay < 12000; delay += 37) {
        int waits = 0;

        fired = 0;
        timer_wheel_set(&wheel, &timer, delay);
        while (!fired) {
            int wait_ms = timer_wheel_wait_ms(&wheel);

            assert_true(wait_ms >= 0 && ++waits <= 3);
            now += wait_ms;
            timer_wheel_run(&wheel);
        }
    }
    timer_wheel_set(&wheel, &timer, 50);
    timer_wheel_cancel(&wheel, &timer);
    assert_int_equal(timer_wheel_wait_ms(&wheel), -1);
}

static void a_cancelled_timer_does_not_fire_and_cancelling_twice_is_fine(void **state)
{
    int fired = 0;
    struct loop_timer timer = {.fn = count, .arg = &fired};

    (void)state;
    timer_wheel_cancel(&wheel, &timer);
    timer_wheel_set(&wheel, &timer, 20);
    timer_wheel_cancel(&wheel, &timer);
    timer_wheel_cancel(&wheel, &timer);
    now += 1000;
    timer_wheel_run(&wheel);
    assert_int_equal(fired, 0);
    timer_wheel_set(&wheel, &timer, 20);
    timer_wheel_set(&wheel, &timer, 500);
    now += 400;
    timer_wheel_run(&wheel);
    assert_int_equal(fired, 0);
    now += 110;
    timer_wheel_run(&wheel);
    assert_int_equal(fired, 1);
}

static struct loop_timer other;

static void cancel_other(void *arg)
{
    count(arg);
    timer_wheel_cancel(&wheel, &other);
}

static void a_timer_may_cancel_one_that_is_due_in_the_same_run(void **state)
{
    int fired = 0, other_fired = 0;
    struct loop_timer first = {.fn = cancel_other, .arg = &fired};

    (void)state;
    other = (struct loop_timer){.fn = count, .arg = &other_fired};
    timer_wheel_set(&wheel, &other, 40);
    timer_wheel_set(&wheel, &first, 20);
    now += 100;
    timer_wheel_run(&wheel);
    assert_int_equal(fired, 1);
    assert_int_equal(other_fired, 0);
}

static void rearm_other(void *arg)
{
    count(arg);
    timer_wheel_set(&wheel, &other, 0);
}

static void a_timer_set_by_a_timer_waits_for_the_next_run(void **state)
{
    int fired = 0;

    (void)state;
    other = (struct loop_timer){.fn = rearm_other, .arg = &fired};
    timer_wheel_set(&wheel, &other, 0);
    now += 20;
    timer_wheel_run(&wheel);
    assert_int_equal(fired, 1);
    now += 20;
    timer_wheel_run(&wheel);
    assert_int_equal(fired, 2);
}

static void after_a_long_pause_all_fire_once(void **state)
{
    enum { N = 3000 };
    static struct loop_timer timers[N];
    static int fired[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        fired[i] = 0;
        timers[i] = (struct loop_timer){.fn = count, .arg = &fired[i]};
        timer_wheel_set(&wheel, &timers[i], (i * 7919) % 25000);
    }
    now += 60000;
    timer_wheel_run(&wheel);
    for (int i = 0; i < N; i++)
        assert_int_equal(fired[i], 1);
    assert_int_equal(timer_wheel_wait_ms(&wheel), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_timer_is_never_early_and_at_most_a_tick_late, reset),
        cmocka_unit_test_setup(the_wait_reaches_the_next_timer, reset),
        cmocka_unit_test_setup(a_cancelled_timer_does_not_fire_and_cancelling_twice_is_fine, reset),
        cmocka_unit_test_setup(a_timer_may_cancel_one_that_is_due_in_the_same_run, reset),
        cmocka_unit_test_setup(a_timer_set_by_a_timer_waits_for_the_next_run, reset),
        cmocka_unit_test_setup(after_a_long_pause_all_fire_once, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
