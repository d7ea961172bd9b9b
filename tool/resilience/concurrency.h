/* concurrency.h - how many requests may be under way at once, by how long their answers take: as
 * many as come while they are few, or answered about as quickly as ever. Where more than that come
 * and the answers get late, as many as keep the other side busy and no more: a gradient, limit' =
 * limit * tolerated latency / latency, where latency is what one of twenty exceeds (p95), and the
 * tolerated one twice that of quiet times. It goes down to a sixteenth of calm; to an eighth where
 * many are served together, so that with fewer less would get done than before.
 *
 * Pure: no threads, no I/O, no clock; one thread. */
#ifndef TOOL_RESILIENCE_CONCURRENCY_H
#define TOOL_RESILIENCE_CONCURRENCY_H

#include <stdbool.h>
#include <stdint.h>

struct concurrency {
    /* set by who makes it; the rest zeroed */
    unsigned calm;    /* so many at once are let in, as long as no more want to */
    unsigned max;     /* never more */
    unsigned at_once; /* so many of those that are refused in a second may hear it at once */
    /* to be read */
    unsigned in_flight;
    unsigned limit; /* as it is now; 0 = not asked yet */
    bool tight;     /* more want in than are served as quickly as ever: limit follows the latency */
    /* private */
    double exact;            /* limit before rounding, while tight */
    double base_us, tail_us; /* in quiet times the mean, and what one of twenty takes; 0 = not
                                known */
    double now_us;           /* what one of twenty takes now */
    unsigned late;           /* windows in a row */
    bool probing;
    double per_us, most_per_us; /* served while tight, and before that */
    int64_t tried_us;
    enum { CONCURRENCY_FEW, CONCURRENCY_TRIES, CONCURRENCY_KEEPS, CONCURRENCY_TRIED } trial;
    unsigned held;              /* refused, and not told yet */
    unsigned told, told_before; /* at once, since second_us and in the second before */
    int64_t second_us, probed_us, crowded_us;
    int64_t tight_us; /* samples of since then count */
    struct {
        int64_t since_us;
        unsigned samples;
        double sum_us, least_us;
        unsigned above_tail, above_now;
        unsigned entered, refused, served, failed;
        unsigned turned_away, silent; /* of those that failed */
        unsigned most;                /* in flight at a time */
    } window;
};

/** calm and max are others now, and in_flight is none: what was learnt stays. */
void concurrency_settle(struct concurrency *c);
/** One more. False: it is refused: there is nothing to leave, but it is to be told. now_us: of any
 * clock that does not go back. */
bool concurrency_enter(struct concurrency *c, int64_t now_us);
/** One that was refused hears it now; at_once: it came now. */
void concurrency_tell(struct concurrency *c, int64_t now_us, bool at_once);
enum concurrency_end {
    CONCURRENCY_SERVED,      /* as quickly as the other side could */
    CONCURRENCY_WAITED,      /* likewise, but on purpose */
    CONCURRENCY_TURNED_AWAY, /* the other side has too much in hand itself */
    CONCURRENCY_SILENT, /* no answer in time. Of too much in hand only where others are served */
    CONCURRENCY_FAILED, /* says nothing: an error, a client that left */
};

/** One that was let in has ended, took_us after that. */
void concurrency_leave(struct concurrency *c, int64_t now_us, int64_t took_us,
                       enum concurrency_end end);

#endif
