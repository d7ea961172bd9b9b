/* pace.c - see pace.h. */
#include "tool/resilience/pace.h"

enum { FIRST_GUESS = 3, STEP = 400, STEP_AT_FIRST = 50, UP = 19 };

static void step_up(struct pace *pace, int64_t now_ms, int64_t step, int64_t most_us)
{
    int64_t us = pace->p95_us + UP * step;

    pace->up_ms = now_ms;
    pace->p95_us = us < most_us ? us : most_us;
}

/* One of twenty is above it: where it is right, nineteen steps down undo one up. */
void pace_answer(struct pace *pace, int64_t now_ms, int64_t took_us)
{
    int64_t step = pace->p95_us / (pace->n < PACE_KNOWN ? STEP_AT_FIRST : STEP);

    if (step == 0)
        step = 1;
    if (pace->p95_us == 0)
        pace->p95_us = took_us > 0 ? took_us * FIRST_GUESS : 1;
    else if (took_us <= pace->p95_us)
        pace->p95_us -= pace->p95_us > step ? step : 0;
    else if (now_ms != pace->up_ms)
        step_up(pace, now_ms, step, took_us);
    if (pace->n < PACE_KNOWN)
        pace->n++;
}
