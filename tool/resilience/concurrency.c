/* concurrency.c - see concurrency.h. Latency is looked at in windows: a mean of several. */
#include "tool/resilience/concurrency.h"

#include <string.h>

enum {
    WINDOW_US = 50000,
    SAMPLES = 16,          /* that a window waits for */
    PATIENCE_US = 1000000, /* but not for longer */
    SECOND_US = 1000000,
    LATE_WINDOWS = 2,
    LEAST = 2,
    LEAST_PART =
        16, /* of those that are let in when it is calm: many at once are served together */
    PROBE_US = 5000000, /* in which, of a tight time, few are let in once */
    PROBE_PART = 8,     /* one of so many */
};

static const double TOLERATED = 3, STEP = 0.3;
/* How quickly the latency of quiet times follows what is seen: down when it is less, up slowly, as
 * a little load is no quiet time: that is one whose mean is less than twice as long. */
static const double QUIET = 2, BASE_DOWN = 0.1, BASE_UP = 0.02, TAIL = 0.1;

static double clamp(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static double least(const struct concurrency *c)
{
    return c->calm / LEAST_PART > LEAST ? c->calm / LEAST_PART : LEAST;
}

static void learn_base(struct concurrency *c, double mean_us)
{
    if (c->probing) {
        c->base_us = mean_us;
        c->tail_us = c->window.latest_us;
    } else if (c->base_us <= 0) {
        c->base_us = c->window.least_us; /* the others may have waited for one another */
    } else if (mean_us < c->base_us) {
        c->base_us += (mean_us - c->base_us) * BASE_DOWN;
    } else if (!c->tight && mean_us < c->base_us * QUIET) {
        c->base_us += (mean_us - c->base_us) * BASE_UP;
        c->tail_us += (c->window.latest_us - c->tail_us) * TAIL;
    }
}

/* Where some are late when it is quiet, all may be as late when it is not. */
static double tolerated_us(const struct concurrency *c)
{
    return c->base_us * TOLERATED > c->tail_us ? c->base_us * TOLERATED : c->tail_us;
}

static unsigned left(const struct concurrency *c)
{
    return c->window.served + c->window.failed;
}

/* What only drains is over by itself: nobody else is to be refused for it. */
static bool is_late(const struct concurrency *c, double mean_us)
{
    bool late = mean_us > tolerated_us(c) || c->window.turned_away > 0 ||
                (c->window.silent > 0 && c->window.served > 0);

    return late && c->base_us > 0 && c->window.most > c->calm && c->window.entered >= left(c);
}

static void follow(struct concurrency *c, double mean_us)
{
    double gradient = clamp(tolerated_us(c) / mean_us, 0.5, 1.5);

    if (gradient < 1 || c->window.refused > 0)
        c->exact += c->exact * (gradient - 1) * STEP;
    c->exact = clamp(c->exact, least(c), c->max);
}

/* A service may have become quicker or slower: how it is when it is quiet can only be seen with few
 * under way. */
static void go_on_tight(struct concurrency *c, int64_t now_us, double mean_us)
{
    if (mean_us <= 0)
        return;
    if (c->probing || now_us - c->probed_us >= PROBE_US) {
        c->probing = !c->probing;
        c->probed_us = c->tight_us = now_us;
    } else {
        follow(c, mean_us);
    }
    c->limit = (unsigned)(c->probing ? clamp(c->exact / PROBE_PART, LEAST, c->max) : c->exact);
}

/* What the other side does in a time, times how long one should take, is what has to be under way
 * (Little). */
static void tighten(struct concurrency *c, int64_t now_us)
{
    double per_us = c->window.served / (double)(now_us - c->window.since_us);

    c->tight = true;
    c->tight_us = c->probed_us = now_us;
    c->probing = false;
    c->exact = clamp(per_us * tolerated_us(c), least(c), c->max);
    c->limit = (unsigned)c->exact;
}

/* How many want in at once: those under way, and those that were refused within a second, for they
 * come again. */
static double wanted(struct concurrency *c, int64_t now_us)
{
    int64_t age_us = now_us - c->second_us;

    if (age_us >= SECOND_US) {
        c->refused_before = age_us < 2 * SECOND_US ? c->refused : 0;
        c->refused = 0;
        c->second_us = age_us < 2 * SECOND_US ? c->second_us + SECOND_US : now_us;
        age_us = now_us - c->second_us;
    }
    return c->in_flight + c->refused + c->refused_before * (1 - (double)age_us / SECOND_US);
}

static void close_window(struct concurrency *c, int64_t now_us)
{
    double mean_us = c->window.samples > 0 ? c->window.sum_us / c->window.samples : 0;

    if (mean_us > 0)
        learn_base(c, mean_us);
    if (c->tight && wanted(c, now_us) <= c->calm) {
        c->tight = false;
        c->limit = c->max;
    }
    c->late = is_late(c, mean_us) ? c->late + 1 : 0;
    if (c->tight)
        go_on_tight(c, now_us, mean_us);
    else if (c->late >= LATE_WINDOWS)
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
    c->exact = clamp(c->exact, least(c), c->max);
    if (c->limit > 0)
        c->limit = c->tight ? (unsigned)c->exact : c->max;
}

bool concurrency_enter(struct concurrency *c, int64_t now_us)
{
    turn(c, now_us);
    if (c->in_flight >= c->max || (c->in_flight >= c->limit && wanted(c, now_us) >= c->calm)) {
        c->refused++;
        c->window.refused++;
        return false;
    }
    c->in_flight++;
    c->window.entered++;
    if (c->in_flight > c->window.most)
        c->window.most = c->in_flight;
    return true;
}

static void take_sample(struct concurrency *c, int64_t now_us, int64_t took_us)
{
    /* Those of before tell of the queue that drains now. */
    if (now_us - took_us < c->tight_us)
        return;
    c->window.samples++;
    c->window.sum_us += (double)took_us;
    if (c->window.samples == 1 || (double)took_us < c->window.least_us)
        c->window.least_us = (double)took_us;
    if ((double)took_us > c->window.latest_us)
        c->window.latest_us = (double)took_us;
}

void concurrency_leave(struct concurrency *c, int64_t now_us, int64_t took_us,
                       enum concurrency_end end)
{
    c->in_flight--;
    c->window.served += end == CONCURRENCY_SERVED || end == CONCURRENCY_WAITED;
    c->window.failed += end != CONCURRENCY_SERVED && end != CONCURRENCY_WAITED;
    c->window.turned_away += end == CONCURRENCY_TURNED_AWAY;
    c->window.silent += end == CONCURRENCY_SILENT;
    if (end == CONCURRENCY_SERVED)
        take_sample(c, now_us, took_us);
    turn(c, now_us);
}
