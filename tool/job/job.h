/* job.h - what a service does by itself, again and again: rows, and the threads that run them.
 *
 *   static const struct job JOBS[] = {
 *       {"expire_carts", offsetof(struct order_service, carts), cart_expire, 60000, 2000,
 *        JOB_ONE_INSTANCE},
 *   };
 *
 * No job runs twice at a time in one process; one that is JOB_ONE_INSTANCE in one process of all
 * that share the schema, each time in the one that comes first. */
#ifndef TOOL_JOB_JOB_H
#define TOOL_JOB_JOB_H

#include "tool/core/call.h"
#include "tool/core/uuid.h"
#include "tool/job/lease.h"
#include "tool/metrics/metrics.h"

enum { JOB_NAME_MAX = LEASE_NAME_MAX };
enum job_where {
    JOB_EVERYWHERE,
    JOB_ONE_INSTANCE, /* by a row of job_lease: another takes over when the process dies */
};

/* One run of a job, in a thread of its own. */
struct job_run {
    const struct call *call; /* its deadline is the row's timeout_ms from now */
    const char *name;
    struct lease *lease; /* JOB_ONE_INSTANCE only */
    int64_t fence;
};

/** ST_OK: done, again in every_ms. ST_PENDING: done, and there is more: again soon. Anything else
 * failed: logged, counted, again in every_ms, 30 s at most. Ends by the call's deadline. */
typedef enum status (*job_fn)(void *self, const struct job_run *run);

struct job {
    const char *name; /* lower case with _, of its own in the service, 1..JOB_NAME_MAX */
    size_t self;      /* offsetof the object in the service's struct */
    job_fn fn;
    int every_ms;   /* from the end of one run to the next, or up to a tenth less */
    int timeout_ms; /* of one run */
    enum job_where where;
    int first_ms; /* from the start of the process to the first run; 0 = at once */
};

struct jobs_config {
    const struct job *rows; /* kept by pointer */
    size_t n;
    void *self;         /* the service's struct */
    const char *thread; /* name of the threads, 15 bytes at most */
    unsigned threads;   /* so many jobs at a time */
    const struct clock *clock;
    const struct entropy *entropy;
    struct metrics *metrics; /* NULL = none */
    struct lease *lease;     /* NULL = there is no row with JOB_ONE_INSTANCE */
};

struct jobs;

/** Starts the threads. All is borrowed. */
struct jobs *jobs_create(const struct jobs_config *config);
/** Any thread: no run begins any more. */
void jobs_stop(struct jobs *jobs);
/** Any thread: runs in hand. */
unsigned jobs_running(struct jobs *jobs);
/** Ends the threads after the runs in hand. NULL is fine. */
void jobs_destroy(struct jobs *jobs);

/** In a transaction of a JOB_ONE_INSTANCE run: makes sure that no other instance has taken over
 * meanwhile. ST_OK | ST_STALE | ST_UNAVAILABLE */
enum status job_check(const struct job_run *run, struct transaction *tx);

/** What is wrong with the rows of a struct of self_size bytes, in text; NULL = nothing. leases:
 * there is a lease. */
const char *job_rows_fault(const struct job *rows, size_t n, size_t self_size, bool leases,
                           char *text, size_t size);

#endif
