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
    /* Of those that are let in when it is calm: never fewer, and, where many are served together
     * and fewer at once would get less done, no fewer than: */
    LEAST_PART = 16,
    TOGETHER_PART = 8,
    QUIET_PART = 64,    /* of them are few */
    TRIAL_US = 2000000, /* after which it is known how much gets done */
    LOOSE_US = 1000000, /* for which there must be no crowd before all are let in again */
    PROBE_US = 5000000, /* in which, of a tight time, few are let in once */
    PROBE_PART = 8,     /* one of so many */
};

/* Of quiet times one of twenty takes longer than the tail; while it is tight one of twenty takes
 * longer than so many times that. */
static const double TOLERATED = 2, STEP = 0.3, ONE_OF_TWENTY = 0.05, TAIL = 0.5, TAIL_MOST = 4;
/* How quickly the latency of quiet times follows what is seen: down when it is less, up slowly, as
 * a little load is no quiet time: that is one with few under way, or whose mean is not much more.
 */
static const double QUIET = 2, BASE_DOWN = 0.1, BASE_UP = 0.02, PROBED = 0.5;
static const double ENOUGH = 0.93, GAIN = 1.08, RATE = 0.1;

static double clamp(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static double least(const struct concurrency *c)
{
    bool many = c->trial == CONCURRENCY_TRIES || c->trial == CONCURRENCY_KEEPS;
    double part = c->calm / (many ? TOGETHER_PART : LEAST_PART);

    return part > LEAST ? part : LEAST;
}

/* So many of a window took longer than what one of twenty should. */
static void follow_tail(double *tail_us, const struct concurrency *c, unsigned above)
{
    *tail_us *= 1 + TAIL * ((double)above / c->window.samples - ONE_OF_TWENTY);
}

static bool is_quiet(const struct concurrency *c, double mean_us)
{
    return c->window.most <= c->calm / QUIET_PART || mean_us < c->base_us * QUIET;
}

static void learn_base(struct concurrency *c, double mean_us)
{
    double before_us = c->base_us;

    if (c->base_us <= 0) {
        c->base_us = c->window.least_us; /* the others may have waited for one another */
        c->tail_us = c->now_us = c->base_us;
    } else if (c->probing) {
        c->base_us += (mean_us - c->base_us) * PROBED;
        c->tail_us *= c->base_us / before_us;
    } else if (!c->tight && is_quiet(c, mean_us)) {
        c->base_us += (mean_us - c->base_us) * (mean_us < c->base_us ? BASE_DOWN : BASE_UP);
        follow_tail(&c->tail_us, c, c->window.above_tail);
        c->tail_us = clamp(c->tail_us, c->base_us, c->base_us * TAIL_MOST);
    }
    if (!c->probing)
        follow_tail(&c->now_us, c, c->window.above_now);
}

static double tolerated_us(const struct concurrency *c)
{
    return c->tail_us * TOLERATED;
}

static unsigned left(const struct concurrency *c)
{
    return c->window.served + c->window.failed;
}

/* More than this is a crowd: who is told at once may be back, and is seen twice. */
static double crowd(const struct concurrency *c)
{
    return c->calm + 2.0 * c->at_once;
}

/* What only drains is over by itself: nobody else is to be refused for it. */
static bool is_late(const struct concurrency *c, double mean_us)
{
    bool late = mean_us > tolerated_us(c) || c->window.turned_away > 0 ||
                (c->window.silent > 0 && c->window.served > 0);

    return late && c->base_us > 0 && c->window.most > crowd(c) && c->window.entered >= left(c);
}

/* As few as are answered in time may be fewer than get as much done as before: where many are
 * served together. More are let in then, and stay if that is so. */
static void follow_done(struct concurrency *c, int64_t now_us)
{
    double per_us = c->window.served / (double)(now_us - c->window.since_us);

    c->per_us += (per_us - c->per_us) * RATE;
    if (now_us - c->tried_us < TRIAL_US)
        return;
    if (c->trial == CONCURRENCY_FEW && c->per_us < c->most_per_us * ENOUGH) {
        c->trial = CONCURRENCY_TRIES;
        c->most_per_us = c->per_us;
        c->tried_us = now_us;
    } else if (c->trial == CONCURRENCY_TRIES) {
        c->trial = c->per_us > c->most_per_us * GAIN ? CONCURRENCY_KEEPS : CONCURRENCY_TRIED;
    }
}

static void follow(struct concurrency *c, int64_t now_us)
{
    double gradient = clamp(tolerated_us(c) / c->now_us, 0.5, 1.5);

    if (gradient < 1 || c->window.refused > 0)
        c->exact += c->exact * (gradient - 1) * STEP;
    follow_done(c, now_us);
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
        follow(c, now_us);
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
    c->now_us = tolerated_us(c); /* it is to become that */
    c->per_us = c->most_per_us = per_us;
    c->trial = CONCURRENCY_FEW;
    c->tried_us = now_us;
    c->exact = clamp(per_us * tolerated_us(c), least(c), c->max);
    c->limit = (unsigned)c->exact;
}

/* How many want in at once: those under way, those that are refused and not told yet, and those
 * that were told within a second, for they come again. */
static double wanted(struct concurrency *c, int64_t now_us)
{
    int64_t age_us = now_us - c->second_us;

    if (age_us >= SECOND_US) {
        c->told_before = age_us < 2 * SECOND_US ? c->told : 0;
        c->told = 0;
        c->second_us = age_us < 2 * SECOND_US ? c->second_us + SECOND_US : now_us;
        age_us = now_us - c->second_us;
    }
    return c->in_flight + c->held + c->told + c->told_before * (1 - (double)age_us / SECOND_US);
}

static void close_window(struct concurrency *c, int64_t now_us)
{
    double mean_us = c->window.samples > 0 ? c->window.sum_us / c->window.samples : 0;

    if (mean_us > 0)
        learn_base(c, mean_us);
    if (wanted(c, now_us) > crowd(c))
        c->crowded_us = now_us;
    if (c->tight && now_us - c->crowded_us >= LOOSE_US) {
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
    c->in_flight = c->held = 0;
    c->exact = clamp(c->exact, least(c), c->max);
    if (c->limit > 0)
        c->limit = c->tight ? (unsigned)c->exact : c->max;
}

bool concurrency_enter(struct concurrency *c, int64_t now_us)
{
    turn(c, now_us);
    if (c->in_flight >= c->limit) {
        c->held++;
        c->window.refused++;
        return false;
    }
    c->in_flight++;
    c->window.entered++;
    if (c->in_flight > c->window.most)
        c->window.most = c->in_flight;
    return true;
}

void concurrency_tell(struct concurrency *c, int64_t now_us, bool at_once)
{
    (void)wanted(c, now_us);
    c->held--;
    c->told += at_once;
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
    c->window.above_tail += (double)took_us > c->tail_us;
    c->window.above_now += (double)took_us > c->now_us;
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
