/* turns.c - see turns.h. */
#include "cmd/gateway/turns.h"

#include "cmd/gateway/in_flight.h"
#include "tool/core/log.h"
#include "tool/core/loop.h"

/* Somebody new may wait for 20 ms: for the turn that is under way when he comes, and for his own.
 */
enum { SHORT_MS = 10, INTERVAL_MS = 500, CALM_MS = 2000, LEAST = 64 };

static int on_turn(void *arg)
{
    struct turns *t = arg;
    bool was = t->limit.limit > 0;

    turn_limit_turned(&t->limit, clock_now_ms(t->clock), loop_turn_ms(t->loop));
    if (!was && t->limit.limit > 0)
        log_warn("more comes than the gateway can pass on", LOG_INT("a_turn", t->limit.limit));
    else if (was && t->limit.limit == 0)
        log_info("the gateway can pass on what comes again");
    return -1;
}

void turns_begin(struct turns *t, const struct service_run *run)
{
    t->limit = (struct turn_limit){
        .target_ms = SHORT_MS, .interval_ms = INTERVAL_MS, .calm_ms = CALM_MS, .least = LEAST};
    t->loop = run->loop;
    t->clock = run->clock;
    t->refused = in_flight_refusals(run->metrics, "*");
    loop_add_turn(run->loop, on_turn, t);
}

bool turns_enter(struct turns *t)
{
    bool may = turn_limit_enter(&t->limit);

    if (!may)
        metric_add(t->refused, 1);
    return may;
}
