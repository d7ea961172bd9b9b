/* by_status.h - counters of one name, one for each status that occurs, with the label "status". */
#ifndef TOOL_METRICS_BY_STATUS_H
#define TOOL_METRICS_BY_STATUS_H

#include "tool/metrics/metrics.h"

enum { BY_STATUS_MAX = 24 }; /* quick ones; further statuses are looked up each time */

struct metrics_by_status;

/** labels: those they have in common, "" = none; copied, name and help are kept by pointer. metrics
 * is borrowed; NULL: nothing is counted. */
struct metrics_by_status *metrics_by_status_create(struct metrics *metrics, const char *name,
                                                   const char *help, const char *labels);
/** status: an HTTP number, not 0. Any thread. */
void metrics_by_status_add(struct metrics_by_status *all, int status);
/** The counts stay. NULL is fine. */
void metrics_by_status_destroy(struct metrics_by_status *all);

#endif
