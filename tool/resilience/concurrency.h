/* concurrency.h - how many requests may be under way at once, by how long their answers take: as
 * many as come while they are few, or answered about as quickly as ever. Where more than that come
 * and the answers get late, as many as keep the other side busy and no more: a gradient, limit' =
 * limit * tolerated latency / latency, where the tolerated one is twice that of quiet times.
 *
 * Pure: no threads, no I/O, no clock; one thread. */
#ifndef TOOL_RESILIENCE_CONCURRENCY_H
#define TOOL_RESILIENCE_CONCURRENCY_H

#include <stdbool.h>
#include <stdint.h>

struct concurrency {
    /* set by who makes it; the rest zeroed */
    unsigned calm; /* so many at once are let in, as long as no more want to */
    unsigned max;  /* never more */
    /* to be read */
    unsigned in_flight;
    unsigned limit; /* as it is now; 0 = not asked yet */
    bool tight;     /* more want in than are served as quickly as ever: limit follows the latency */
    /* private */
    double exact;                 /* limit before rounding, while tight */
    double base_us;               /* latency in quiet times; 0 = not known */
    unsigned late;                /* windows in a row */
    int64_t refused_us, tight_us; /* when many were last, when it got tight */
    struct {
        int64_t since_us, samples;
        double sum_us, least_us;
        unsigned entered, left, refused, most; /* most: in flight at a time */
    } window;
};

/** calm and max are others now, and in_flight is none: what was learnt stays. */
void concurrency_settle(struct concurrency *c);
/** One more. False: it is refused, there is nothing to leave. now_us: of any clock that does not go
 * back. */
bool concurrency_enter(struct concurrency *c, int64_t now_us);
/** One that was let in has ended; took_us: how long its answer took, below 0 = says nothing about
 * the other side's work (an error, silence, one that waited on purpose). */
void concurrency_leave(struct concurrency *c, int64_t now_us, int64_t took_us);

#endif
