/* registry.h - what the registry holds; private to tool/metrics. */
#ifndef TOOL_METRICS_REGISTRY_H
#define TOOL_METRICS_REGISTRY_H

#include <pthread.h>
#include <stdatomic.h>

#include "tool/metrics/metrics.h"

enum { METRIC_BOUNDS = 14, METRIC_COLLECTORS_MAX = 32 };

/** Upper bounds of the histogram buckets. */
extern const int64_t METRIC_BOUNDS_US[METRIC_BOUNDS];

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric {
    struct metric *next;
    enum metric_kind kind;
    char *labels;
    _Atomic int64_t value;                      /* histogram: the sum, in microseconds */
    _Atomic int64_t buckets[METRIC_BOUNDS + 1]; /* histogram: not cumulative; the last is +Inf */
};

/* All metrics of one name. */
struct metric_family {
    struct metric_family *next;
    enum metric_kind kind;
    char *name, *help;
    struct metric *metrics;
};

struct metrics {
    pthread_mutex_t lock; /* of the lists; values are atomics */
    struct metric_family *families;
    struct {
        void (*fn)(void *arg);
        void *arg;
    } collectors[METRIC_COLLECTORS_MAX];
    size_t n_collectors;
};

#endif
