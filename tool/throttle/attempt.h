/* attempt.h - what is remembered of something that somebody keeps failing at: a row of the table
 * attempt, and the arithmetic by which it is held. Pure; times are wall clock.
 *
 * So many failures within a window: it is held, for a moment at first. Whoever fails again after
 * that is held twice as long, and so on; quiet for a window after a hold: all is forgotten. */
#ifndef TOOL_THROTTLE_ATTEMPT_H
#define TOOL_THROTTLE_ATTEMPT_H

#include "tool/store/table.h"

/* A window is 15 slots and the one that has begun: a failure counts for a window, and up to a
 * fifteenth of it longer. */
enum { ATTEMPT_SLOTS = 16, ATTEMPT_LIMIT_MAX = 255, ATTEMPT_RULE_MAX = 31 };

/* What may be failed at how often: a constant of the use case that counts. */
struct throttle_rule {
    const char *name; /* a-z and _, of its own in the schema, 1..ATTEMPT_RULE_MAX bytes */
    int limit;        /* failures within the window; 1..ATTEMPT_LIMIT_MAX */
    int window_s;     /* a multiple of 15 */
    int first_hold_s, longest_hold_s;
    bool forgiven; /* by a success: then nothing of it is remembered */
};

struct attempt {
    struct uuid id;                     /* which rule, of whom: a keyed digest */
    char recent[2 * ATTEMPT_SLOTS + 1]; /* failures by slot, oldest first, two hex digits each */
    int64_t slot;                       /* number of the newest */
    int64_t holds;                      /* in a row */
    int64_t until_us;                   /* held until then; 0 = has not been */
    int64_t over_us;                    /* from then on it says nothing any more */
};

/** Rows of struct attempt; migration: dataservice/migrations/common/attempt.sql. */
extern const struct table ATTEMPT_TABLE;

/** Seconds it is held from now on, rounded up; 0 = it is not. A hold that seems longer than its
 * rule allows has seen the clock set back: it is over. */
int attempt_held_s(const struct attempt *a, const struct throttle_rule *rule, int64_t now_us);
/** Counts a failure. a: zeroed but for its id, or as it was; not held. True when it is held now. */
bool attempt_count(struct attempt *a, const struct throttle_rule *rule, int64_t now_us);

#endif
