/* turns.h - how many requests of all routes together may be sent on in one turn of the loop: the
 * gateway's own part of what a request takes. Loop thread only. */
#ifndef CMD_GATEWAY_TURNS_H
#define CMD_GATEWAY_TURNS_H

#include "tool/metrics/metrics.h"
#include "tool/resilience/turn_limit.h"
#include "tool/service/service.h"

/* Zeroed at first. */
struct turns {
    struct turn_limit limit;
    struct loop *loop;
    const struct clock *clock;
    struct metric *refused;
};

/** Counts turns from now on, as the last of all that run at the end of one; t as long as the loop.
 */
void turns_begin(struct turns *t, const struct service_run *run);
/** One more is sent on. False: turns take too long, refuse it. */
bool turns_enter(struct turns *t);

#endif
