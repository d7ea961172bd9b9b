/* breaker.h - circuit breakers (Nygard, Release It!): closed, open for a while after too many
 * failures in a window, then half-open for a few probes. Pure: no threads, no I/O; one lock inside,
 * any thread. */
#ifndef TOOL_RESILIENCE_BREAKER_H
#define TOOL_RESILIENCE_BREAKER_H

#include <stdbool.h>

#include "tool/core/clock.h"
#include "tool/core/json_out.h"

/* One row of a table; subject "" or "*" at the end is the default for all others. */
struct breaker_policy {
    const char *subject;
    int window_ms;         /* failures are counted over this long */
    int min_calls;         /* fewer calls in the window never open it */
    int failure_percent;   /* opens at or above */
    int open_ms;           /* refuses at once for this long; at most 2000 by contract */
    int half_open_probes;  /* then lets this many through; all good closes, one bad opens again */
};

/** The default table, one row. */
extern const struct breaker_policy BREAKER_DEFAULTS[];
extern const unsigned BREAKER_DEFAULTS_N;

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };
const char *breaker_state_name(enum breaker_state state);

struct breakers; /* all breakers of a process, by subject, made on first use; at most 256 */
struct breaker;

struct breakers *breakers_create(const struct clock *clock, const struct breaker_policy *policies,
                                 unsigned n);
void breakers_destroy(struct breakers *all);
/** Never NULL; lives as long as all. */
struct breaker *breakers_get(struct breakers *all, const char *subject);
/** True: go ahead, and report() exactly once. False: refuse at once. */
bool breaker_allow(struct breaker *b);
/** ok false: silence, outage or overload; a refusal by the service is ok = true. Logs a change of
 * state. */
void breaker_report(struct breaker *b, bool ok);
enum breaker_state breaker_state(struct breaker *b);
/** Milliseconds until an open breaker lets a probe through, 0 when it is not open. */
int breaker_retry_after_ms(struct breaker *b);
/** {"user.registry":"open",...} as members, for statistics. */
void breakers_describe(struct breakers *all, struct json_out *o);
/** Calls fn for each breaker, for gauges. */
void breakers_each(struct breakers *all,
                   void (*fn)(void *arg, const char *subject, enum breaker_state state), void *arg);

#endif
