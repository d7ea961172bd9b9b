/* loop_timer.h - what a loop calls later. In the loop's thread. */
#ifndef TOOL_CORE_LOOP_TIMER_H
#define TOOL_CORE_LOOP_TIMER_H

#include <stdint.h>

#include "tool/core/loop.h"

/** A timer lives in its owner's struct, zeroed at first; 10 ms wheel, never early. */
struct loop_timer {
    struct loop_timer *next, **prev; /* private */
    int64_t due_ms;                  /* private */
    loop_fn fn;
    void *arg;
};

/** (Re)arms: fn(arg) once, in delay_ms or a little later. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms);
void loop_timer_cancel(struct loop *loop, struct loop_timer *timer);

#endif
