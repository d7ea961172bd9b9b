/* hears_jobs.h - what is done beside hearing events: their dead letters are counted and taken up
 * again, and views are fed that are built from nothing. Private to hears.c. Loop thread. */
#ifndef TOOL_SERVICE_HEARS_JOBS_H
#define TOOL_SERVICE_HEARS_JOBS_H

#include "tool/service/hears.h"

struct hears_jobs;

/** Starts. What the config names is borrowed. */
struct hears_jobs *hears_jobs_create(const struct hears_config *config);
void hears_jobs_stop(struct hears_jobs *jobs);
/** How many are under way. */
unsigned hears_jobs_open(const struct hears_jobs *jobs);
/** None is under way. */
void hears_jobs_destroy(struct hears_jobs *jobs);

#endif
