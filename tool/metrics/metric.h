/* metric.h - one counter, gauge or histogram. Updating it is an atomic, any thread; of NULL,
 * nothing. */
#ifndef TOOL_METRICS_METRIC_H
#define TOOL_METRICS_METRIC_H

#include <stdint.h>

struct metric;

void metric_add(struct metric *m, int64_t n);
void metric_set(struct metric *m, int64_t v);
void metric_observe_us(struct metric *m, int64_t us);
int64_t metric_value(const struct metric *m);

#endif
