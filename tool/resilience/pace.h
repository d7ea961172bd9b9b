/* pace.h - how long answers take: their 95th percentile, followed by small steps up and down
 * (frugal streaming: Ma, Muthukrishnan, Sandler 2013), so that it costs two words and forgets what
 * was. Pure; one thread. */
#ifndef TOOL_RESILIENCE_PACE_H
#define TOOL_RESILIENCE_PACE_H

#include <stdint.h>

/* Zeroed at first. */
struct pace {
    int64_t p95_us; /* 0 = nothing was answered yet */
    int64_t up_ms;  /* of the last step up */
    unsigned n;     /* answers, up to PACE_KNOWN */
};

enum { PACE_KNOWN = 64 }; /* before it has seen so many, its steps are large */

/** One more answer, which came at now_ms (of any clock) and has taken so long. Late ones that come
 * in the same millisecond have waited for the same thing: they count as one. */
void pace_answer(struct pace *pace, int64_t now_ms, int64_t took_us);

#endif
