/* timer_wheel.h - the loop's timers: a hashed wheel (Varghese & Lauck 1987) of 10 ms slots. Setting
 * and cancelling cost the same however many timers there are. One thread. */
#ifndef TOOL_CORE_TIMER_WHEEL_H
#define TOOL_CORE_TIMER_WHEEL_H

#include "tool/core/loop_timer.h"

enum {
    TIMER_TICK_MS = 10,
    TIMER_SLOTS = 1024, /* one round is 10.24 s; later timers stay for another round */
    TIMER_WORD_BITS = 64,
};

struct timer_wheel {
    const struct clock *clock;
    struct loop_timer *slots[TIMER_SLOTS];
    uint64_t used[TIMER_SLOTS / TIMER_WORD_BITS]; /* which slots hold a timer */
    int64_t tick;                                 /* slots up to this one have been looked at */
};

void timer_wheel_init(struct timer_wheel *wheel, const struct clock *clock);
/** As loop_timer_set and loop_timer_cancel. */
void timer_wheel_set(struct timer_wheel *wheel, struct loop_timer *timer, int64_t delay_ms);
void timer_wheel_cancel(struct timer_wheel *wheel, struct loop_timer *timer);
/** Calls what is due; a timer set meanwhile waits for the next run, even with a delay of 0. */
void timer_wheel_run(struct timer_wheel *wheel);
/** Milliseconds until the next slot with a timer in it, -1 = none. */
int timer_wheel_wait_ms(const struct timer_wheel *wheel);

#endif
