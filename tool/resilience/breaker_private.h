/* breaker_private.h - what a breaker remembers; for breaker.c and its test. */
#ifndef TOOL_RESILIENCE_BREAKER_PRIVATE_H
#define TOOL_RESILIENCE_BREAKER_PRIVATE_H

#include <pthread.h>

#include "tool/resilience/breaker.h"

enum { BUCKETS = 10 };

struct bucket {
    int64_t epoch; /* which bucket's width of time it counts: now / width */
    int ok, failed;
};

struct breaker {
    struct breakers *all;
    struct breaker *next;
    const struct breaker_policy *policy;
    char *subject;
    enum breaker_state state;
    unsigned era;     /* raised by each change of state: the ticket's */
    int64_t since_ms; /* of the state; half open: of the last probe let through */
    int probes_out, probes_bad;
    struct bucket buckets[BUCKETS];
};

struct breakers {
    const struct clock *clock;
    const struct breaker_policy *policies;
    unsigned n_policies;
    pthread_mutex_t mutex; /* guards all below, and every breaker */
    struct breaker *first;
    unsigned count;
    struct breaker *shared; /* by the subjects beyond BREAKERS_MAX */
};

#endif
