/* turn_limit.c - see turn_limit.h. */
#include "tool/resilience/turn_limit.h"

/* Turns that are remembered, about. */
enum { LATELY = 16 };

bool turn_limit_enter(struct turn_limit *t)
{
    if (t->limit > 0 && t->begun >= t->limit) {
        t->refused++;
        return false;
    }
    t->begun++;
    return true;
}

static void remember(struct turn_limit *t, int64_t took_ms)
{
    t->lately_ms += (double)took_ms - t->lately_ms / LATELY;
    t->lately_begun += (double)t->begun - t->lately_begun / LATELY;
}

/* As many as have fitted into a short turn lately. */
static unsigned fitting(const struct turn_limit *t)
{
    double fits = t->lately_ms > 0 ? t->target_ms * t->lately_begun / t->lately_ms : t->limit;

    return fits > t->least ? (unsigned)fits : t->least;
}

void turn_limit_turned(struct turn_limit *t, int64_t now_ms, int64_t took_ms)
{
    bool late = took_ms > t->target_ms;

    if (late && !t->late)
        t->late_ms = now_ms - took_ms;
    t->late = late;
    if (t->begun > 0)
        remember(t, took_ms);
    if (t->refused > 0)
        t->refused_ms = now_ms;
    if (t->limit == 0 && late && now_ms - t->late_ms >= t->interval_ms) {
        t->limit = t->least;
        t->refused_ms = now_ms;
    } else if (t->limit > 0 && !late && now_ms - t->refused_ms >= t->calm_ms) {
        t->limit = 0;
    }
    if (t->limit > 0)
        t->limit = fitting(t);
    t->begun = t->refused = 0;
}
