/* sweeps.h - the sweepers of a service's rows, and the jobs that run them beside its own. */
#ifndef TOOL_SERVICE_SWEEPS_H
#define TOOL_SERVICE_SWEEPS_H

#include "tool/service/service.h"

/** Makes the sweepers, in the service's struct self. run, borrowed, has what they need by then.
 * rows makes what one looks at, and gives it away. */
void sweeps_create(const struct service *service, void *self, const struct service_run *run,
                   struct sweep_rows *(*rows)(void *arg, const struct sweep_table *table),
                   void *arg);
/** Nothing sweeps any more. */
void sweeps_destroy(const struct service *service, void *self);

/* All that a service does by itself: its .jobs, and one for each of its .sweeps. */
struct service_jobs {
    struct job *rows;
    size_t n;
    char (*names)[JOB_NAME_MAX + 1]; /* of the sweeps' */
};

void service_jobs_init(struct service_jobs *jobs, const struct service *service);
void service_jobs_fini(struct service_jobs *jobs);

/** What is wrong with jobs and sweeps, in text; NULL = nothing. */
const char *service_jobs_fault(const struct service *service, char *text, size_t size);

#endif
