/* saga_attempt.h - one attempt at a step of a job, or at undoing it (saga_job.c). Private to
 * tool/saga. */
#ifndef TOOL_SAGA_SAGA_ATTEMPT_H
#define TOOL_SAGA_SAGA_ATTEMPT_H

#include "tool/saga/saga_job.h"

/* Steps from, from-1 ... to. */
struct saga_range {
    size_t from, to;
};

/* Which function of a step. */
enum saga_deed { SAGA_ACT, SAGA_UNDO, SAGA_NOTE };

/* How one attempt at a step, or at undoing it, came out. */
struct saga_attempt {
    enum status st;
    struct problem problem;
    bool lost; /* the row is somebody else's, or we cannot tell: drop the job, its lease runs out */
    uint32_t number; /* 1 = the first */
    int64_t began_ms;
};

/** One transaction: the row moves to target, and each step of range does its deed inside it (NULL
 * ones are skipped). On ST_OK the job is at target. */
void saga_job_commit(struct saga_job *job, struct saga_target target, enum saga_deed deed,
                     struct saga_range range, struct saga_attempt *attempt);
/** Asks another service: the present step's act or undo, outside any transaction. */
void saga_job_ask(struct saga_job *job, enum saga_deed deed, struct saga_attempt *attempt);
/** After an attempt that neither did the step nor was a no that counts: waits, or notes when to try
 * again. */
enum saga_next saga_job_failed(struct saga_job *job, const struct saga_attempt *attempt,
                               int64_t backoff_max_ms);
/** One log line for one attempt. */
void saga_job_log(const struct saga_job *job, const char *step, const struct saga_attempt *attempt);

#endif
