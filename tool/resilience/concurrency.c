/* concurrency.c - see concurrency.h. Latency is looked at in windows: a mean of several. */
#include "tool/resilience/concurrency.h"

#include <string.h>

enum {
    WINDOW_US = 50000,
    SAMPLES = 16,          /* that a window waits for */
    PATIENCE_US = 1000000, /* but not for longer */
    QUIET_US = 2000000,    /* with few refusals: it is over. Longer than clients are told to wait */
    FEW = 4,               /* are refused: one for so many that are let in */
    LATE_WINDOWS = 2,
    LEAST = 2,
};

static const double TOLERATED = 2, STEP = 0.3;
/* How quickly the latency of quiet times follows what is seen: down when it is less, up slowly, as
 * a little load is no quiet time; and up where the least that may be under way is late too, for
 * then it is not we who make it wait. */
static const double BASE_DOWN = 0.1, BASE_UP = 0.02, BASE_ANEW = 0.2;

static double clamp(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static void learn_base(struct concurrency *c, double mean_us)
{
    if (c->base_us <= 0)
        c->base_us = c->window.least_us; /* the others may have waited for one another */
    else if (mean_us < c->base_us)
        c->base_us += (mean_us - c->base_us) * BASE_DOWN;
    else if (!c->tight && mean_us < c->base_us * TOLERATED)
        c->base_us += (mean_us - c->base_us) * BASE_UP;
    else if (c->tight && c->window.most <= LEAST)
        c->base_us += (mean_us - c->base_us) * BASE_ANEW;
}

/* What only drains is over by itself: nobody else is to be refused for it. */
static bool is_late(const struct concurrency *c, double mean_us)
{
    return mean_us > 0 && c->window.most > c->calm && mean_us > c->base_us * TOLERATED &&
           c->window.entered >= c->window.left;
}

static void follow(struct concurrency *c, double mean_us)
{
    double gradient = clamp(c->base_us * TOLERATED / mean_us, 0.5, 1.5);

    if (gradient < 1 || c->window.refused)
        c->exact += c->exact * (gradient - 1) * STEP;
    c->exact = clamp(c->exact, LEAST, c->max);
    c->limit = (unsigned)c->exact;
}

/* What the other side does in a time, times how long one should take, is what has to be under way
 * (Little). */
static void tighten(struct concurrency *c, int64_t now_us)
{
    double per_us = c->window.left / (double)(now_us - c->window.since_us);

    c->tight = true;
    c->refused_us = c->tight_us = now_us;
    c->exact = clamp(per_us * c->base_us * TOLERATED, LEAST, c->max);
    c->limit = (unsigned)c->exact;
}

static void close_window(struct concurrency *c, int64_t now_us)
{
    double mean_us = c->window.samples > 0 ? c->window.sum_us / (double)c->window.samples : 0;

    if (mean_us > 0)
        learn_base(c, mean_us);
    if (c->window.refused > c->window.entered / FEW)
        c->refused_us = now_us;
    if (c->tight && now_us - c->refused_us >= QUIET_US) {
        c->tight = false;
        c->limit = c->max;
    }
    c->late = is_late(c, mean_us) ? c->late + 1 : 0;
    if (c->tight && mean_us > 0)
        follow(c, mean_us);
    else if (!c->tight && c->late >= LATE_WINDOWS)
        tighten(c, now_us);
    memset(&c->window, 0, sizeof(c->window));
    c->window.since_us = now_us;
    c->window.most = c->in_flight;
}

static void turn(struct concurrency *c, int64_t now_us)
{
    int64_t age_us = now_us - c->window.since_us;

    if (c->limit == 0) {
        c->limit = c->max;
        c->window.since_us = now_us;
    } else if (age_us >= (c->window.samples >= SAMPLES ? WINDOW_US : PATIENCE_US)) {
        close_window(c, now_us);
    }
}

void concurrency_settle(struct concurrency *c)
{
    memset(&c->window, 0, sizeof(c->window));
    c->in_flight = 0;
    c->exact = clamp(c->exact, LEAST, c->max);
    if (c->limit > 0)
        c->limit = c->tight ? (unsigned)c->exact : c->max;
}

bool concurrency_enter(struct concurrency *c, int64_t now_us)
{
    turn(c, now_us);
    if (c->in_flight >= c->limit) {
        c->window.refused++;
        return false;
    }
    c->in_flight++;
    c->window.entered++;
    if (c->in_flight > c->window.most)
        c->window.most = c->in_flight;
    return true;
}

void concurrency_leave(struct concurrency *c, int64_t now_us, int64_t took_us)
{
    c->in_flight--;
    c->window.left++;
    /* Those of before tell of the queue that drains now. */
    if (took_us >= 0 && now_us - took_us >= c->tight_us) {
        c->window.samples++;
        c->window.sum_us += (double)took_us;
        if (c->window.samples == 1 || (double)took_us < c->window.least_us)
            c->window.least_us = (double)took_us;
    }
    turn(c, now_us);
}
