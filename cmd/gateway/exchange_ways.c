/* exchange_ways.c - requests that go another way than one message and its reply: those that gather
 * several, and those that wait for a change. */
#include "cmd/gateway/exchange_private.h"
#include "middleware/route_query.h"
#include "tool/core/mem.h"
#include "tool/http/http_stream.h"

/* Of many that are refused, who asks again as soon as he is would take the processor from all
 * others; the answer says that it is worth it in a second. */
enum { HOLD_MS = 1000, AWAY_AT_ONCE = 256, HELD_MAX = 8192 };

/* ---- too much at once ---- */

static void on_held(void *arg)
{
    struct exchange *x = arg;
    enum status st = x->held;

    exchange_release(x);
    exchange_fail(x, st);
}

/* One more is refused in this second: whether they are still few. */
static bool are_few(struct gateway *gw, enum status st)
{
    unsigned at_once = st == ST_OVERLOADED ? IN_FLIGHT_AT_ONCE : AWAY_AT_ONCE;
    int64_t now_ms = clock_now_ms(gw->run.clock);

    if (now_ms - gw->refusing_since_ms >= HOLD_MS) {
        gw->refusing_since_ms = now_ms;
        gw->n_refused = 0;
    }
    return gw->n_refused++ < at_once;
}

/* Who watches waits anyway. */
void exchange_hold(struct exchange *x, enum status st)
{
    struct gateway *gw = x->gw;

    if (are_few(gw, st) || gw->n_held == HELD_MAX || watch_waits(&x->watch)) {
        in_flight_leave(&x->in_flight);
        exchange_fail(x, st);
        return;
    }
    in_flight_hold(&x->in_flight);
    x->hold.fn = on_held;
    x->hold.arg = x;
    x->held = st;
    gw->n_held++;
    loop_timer_set(gw->run.loop, &x->hold, HOLD_MS);
}

void exchange_release(struct exchange *x)
{
    if (x->held == ST_OK)
        return;
    x->held = ST_OK;
    x->gw->n_held--;
    loop_timer_cancel(x->gw->run.loop, &x->hold);
}

/* ---- several at once ---- */

static void on_gathered(void *arg, const struct gathered *gathered)
{
    struct exchange *x = arg;
    struct answer a;

    x->gathering = NULL;
    in_flight_answered(&x->in_flight, &x->call, gathered->st, NULL);
    if (gathered->st != ST_OK) {
        exchange_fail(x, gathered->st);
        return;
    }
    answer_json(&a, gathered->json, gathered->len);
    exchange_finish(x, &a);
}

void exchange_gather(struct exchange *x)
{
    struct problem problem;
    struct route_query query;

    problem_clear(&problem);
    if (route_query_read(&query, NULL, http_request_query(x->http), &problem) == ST_OK)
        x->gathering = gathering_begin(x->gw->asker, &x->match, &x->call, on_gathered, x, &problem);
    route_query_fini(&query);
    if (!x->gathering)
        exchange_deny(x, &problem);
}

/* ---- waiting for a change ---- */

static void look_again(struct watch *watch)
{
    struct exchange *x = container_of(watch, struct exchange, watch);

    x->begun_us = clock_wall_us(x->gw->run.clock); /* what it was told to wait is no slowness */
    x->call.deadline_ms = clock_now_ms(x->gw->run.clock) + x->match.route->timeout_ms;
    exchange_go_on(x);
}

static struct asked watch_asked(struct watch *watch)
{
    return exchange_asked(container_of(watch, struct exchange, watch));
}

static void watch_answer(struct watch *watch, struct answer *a)
{
    exchange_finish(container_of(watch, struct exchange, watch), a);
}

static void watch_stream(struct watch *watch, struct answer *head)
{
    exchange_answer(container_of(watch, struct exchange, watch), head, http_stream_begin);
}

static const struct watch_ops WATCH_OPS = {look_again, watch_asked, watch_answer, watch_stream};

enum status exchange_watch(struct exchange *x)
{
    return watch_begin(&x->watch, &WATCH_OPS, x->gw->live, x->http, &x->match, &x->call);
}
