/* turn_limit.h - how many requests of all kinds one turn of a loop may begin, by how long its turns
 * take: all that come, while turns are short or have been long for a moment only; once none was
 * short for a whole interval, as many as fit into a short one. What is measured is the loop's own
 * part of every latency and not what is waited for meanwhile: whoever answers slowly takes nothing
 * from others. (Controlled delay: Nichols and Jacobson, ACM Queue 10(5), 2012; here who comes too
 * many is refused instead of dropped.)
 *
 * Pure: no threads, no I/O, no clock; one thread. */
#ifndef TOOL_RESILIENCE_TURN_LIMIT_H
#define TOOL_RESILIENCE_TURN_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct turn_limit {
    /* set by who makes it; the rest zeroed */
    int target_ms;   /* a turn is short up to this */
    int interval_ms; /* so long turns may be longer */
    int calm_ms;     /* and so long nobody is refused before all may again: longer than it takes
                        who was refused to hear of it and to ask again */
    unsigned least;  /* so many are always begun */
    /* to be read */
    unsigned limit; /* 0 = all may */
    /* private */
    unsigned begun, refused;        /* in this turn */
    double lately_ms, lately_begun; /* of some turns, and what was begun in them */
    bool late;                      /* the last turn was long */
    int64_t late_ms, refused_ms;    /* since when; when one was refused last */
};

/** One more in this turn. False: it is refused. */
bool turn_limit_enter(struct turn_limit *t);
/** A turn ends, took_ms after it had something to do. now_ms: of a clock that does not go back. */
void turn_limit_turned(struct turn_limit *t, int64_t now_ms, int64_t took_ms);

#endif
