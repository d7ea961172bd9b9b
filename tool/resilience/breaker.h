/* breaker.h - circuit breakers (Nygard, Release It!): closed; open for a while when a subject is
 * hopeless; then half-open for a few probes. Hopeless is where next to nothing is answered: of two
 * instances of which one is frozen half of the calls fail, and the other half would be lost too.
 * Pure: no threads, no I/O; one lock inside, any thread. */
#ifndef TOOL_RESILIENCE_BREAKER_H
#define TOOL_RESILIENCE_BREAKER_H

#include <stdbool.h>

#include "tool/core/clock.h"
#include "tool/core/json_out.h"

enum { BREAKERS_MAX = 256, BREAKER_PROBE_PATIENCE_MS = 1000 };

/* One row of a table; subject "" or "*" at the end is the default for all others. */
struct breaker_policy {
    const char *subject;
    int window_ms;        /* calls are counted over this long */
    int min_failures;     /* fewer failures never open it */
    int failure_percent;  /* opens at or above, of all calls or of those since a failed one began */
    int open_ms;          /* refuses at once for this long; at most 2000 by contract */
    int half_open_probes; /* then lets this many through; one good closes, all bad opens again */
};

/** The default table, one row. */
extern const struct breaker_policy BREAKER_DEFAULTS[];
extern const unsigned BREAKER_DEFAULTS_N;

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_HALF_OPEN };
const char *breaker_state_name(enum breaker_state state);

struct breakers; /* all breakers of a process, by subject, made on first use; subjects past
                  * BREAKERS_MAX share one */
struct breaker;

/* Of a call that was let through. */
struct breaker_ticket {
    unsigned era;
    int64_t since_ms;
};

/** policies: borrowed, NULL with 0; what none of them fits has the default. The process log gets a
 * line for each change of state. */
struct breakers *breakers_create(const struct clock *clock, const struct breaker_policy *policies,
                                 unsigned n);
void breakers_destroy(struct breakers *all);
/** Never NULL; lives as long as all. */
struct breaker *breakers_get(struct breakers *all, const char *subject);
/** False: refuse at once. Else go ahead, and report or abstain with this ticket. A ticket that is
 * never reported is forgotten: it counts for nothing and holds no probe for longer than
 * BREAKER_PROBE_PATIENCE_MS. */
bool breaker_allow(struct breaker *b, struct breaker_ticket *ticket);
/** ok false: silence or outage; a refusal by the service is ok = true. Tickets of before the last
 * change of state are ignored, so that what was sent into an outage and times out after it cannot
 * open the breaker anew. */
void breaker_report(struct breaker *b, const struct breaker_ticket *ticket, bool ok);
/** Instead of a report, when it says nothing about the subject: the call never got as far, or an
 * answer says that there is too much to do. A probe may be tried again. */
void breaker_abstain(struct breaker *b, const struct breaker_ticket *ticket);
/** BREAKER_OPEN only as long as it refuses. */
enum breaker_state breaker_state(struct breaker *b);
/** {"user.registry":"open",...} as members, for statistics. */
void breakers_describe(struct breakers *all, struct json_out *o);
/** Calls fn for each breaker, for gauges. */
void breakers_each(struct breakers *all,
                   void (*fn)(void *arg, const char *subject, enum breaker_state state), void *arg);

#endif
