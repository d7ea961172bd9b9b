/* metrics.h - the registry of counters, gauges and histograms, written out as Prometheus text.
 * Metrics are made at start and live as long as the registry. */
#ifndef TOOL_METRICS_METRICS_H
#define TOOL_METRICS_METRICS_H

#include <stddef.h>

#include "tool/metrics/metric.h"

struct metrics;

struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *all);

/** Appends key="value" to the text in labels, with a comma where one is needed and value escaped;
 * a label that does not fit is left out. Start with labels[0] = '\0'. */
void metrics_label(char *labels, size_t size, const char *key, const char *value);

/** name: "hanok_requests_total"; labels: "route=\"/login\",status=\"200\"" or "" (use
 * metrics_label to escape). All three texts are copied. The same name and labels give the same
 * handle. Any thread. metrics may be NULL: the handle is NULL, and every update of NULL does
 * nothing. */
struct metric *metrics_counter(struct metrics *all, const char *name, const char *help,
                               const char *labels);
struct metric *metrics_gauge(struct metrics *all, const char *name, const char *help,
                             const char *labels);
/** Seconds; buckets 0.5 ms to 10 s. */
struct metric *metrics_histogram(struct metrics *all, const char *name, const char *help,
                                 const char *labels);

/** fn is called before each writing out, in the writing thread, to set gauges that must be asked
 * for (queue depths, breaker states). */
void metrics_add_collector(struct metrics *all, void (*fn)(void *arg), void *arg);
/** The whole text; free() it. */
char *metrics_text(struct metrics *all, size_t *len);

#endif
