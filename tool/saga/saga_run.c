/* saga_run.c - the way forward. One function for the first run and for recovery: it looks at the
 * record only, never at how the saga came here. */
#include "tool/saga/saga_job.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

/* A pivot that is asked of another service and cannot be undone: once it may have happened, only
 * its answer tells which way to go. */
static bool in_doubt(const struct saga_job *job)
{
    const struct saga_step *step = saga_job_step(job);

    return job->recorded && step->kind == SAGA_PIVOT && step->place == SAGA_REMOTE && !step->undo;
}

static bool out_of_time(const struct saga_job *job)
{
    return saga_job_step(job)->kind != SAGA_RETRIABLE && !in_doubt(job) &&
           clock_now_ms(job->engine->config.clock) >= job->deadline_ms;
}

/* The last step that may have happened. The row names a remote step before it is asked; a local one
 * has not happened as long as the row names it. */
static int last_possible(const struct saga_job *job)
{
    bool possible = job->recorded && saga_job_step(job)->place == SAGA_REMOTE;

    return (int)job->step - (possible ? 0 : 1);
}

/* The row as it will be once the present step is done. */
static void record_done(const struct saga_job *job, struct saga_record *next)
{
    const struct saga_type *type = job->entry->type;
    bool last = job->step + 1 == type->n_steps;

    *next = job->record;
    saga_record_at(next, type, last ? job->step : job->step + 1,
                   last ? SAGA_SUCCEEDED : SAGA_PROCESSING);
}

static void act_local(struct saga_job *job, struct saga_attempt *attempt)
{
    struct saga_record next;

    record_done(job, &next);
    saga_job_commit(job, &next, job->step, job->step, false, attempt);
}

/* What is done elsewhere gets no commit of its own: the next local step's transaction, or the hold
 * before the next remote one, records it. Lost before that, it is asked again and answers the same.
 */
static void act_remote(struct saga_job *job, struct saga_attempt *attempt)
{
    saga_job_ask(job, false, attempt);
    if (!attempt->lost && attempt->st == ST_OK) {
        struct saga_record next;
        record_done(job, &next);
        job->record = next;
        job->recorded = false;
    }
}

/* The present step is done and job->record says so. */
static bool go_on(struct saga_job *job)
{
    if (job->record.view.state != SAGA_SUCCEEDED) {
        job->step++;
        return true;
    }
    if (job->recorded || saga_job_write(job, 0) == ST_OK)
        saga_job_ended(job);
    return false;
}

/* A participant's final no: it did not happen there and never will. */
static bool refused(struct saga_job *job, const struct saga_attempt *attempt)
{
    const char *reason =
        attempt->problem.code[0] ? attempt->problem.code : status_code(attempt->st);

    return saga_undo_begin(job, (int)job->step - 1, reason);
}

static bool act_step(struct saga_job *job)
{
    const struct saga_step *step = saga_job_step(job);
    struct saga_attempt attempt = {0};

    if (out_of_time(job))
        return saga_undo_begin(job, last_possible(job), "deadline_exceeded");
    if (step->place == SAGA_LOCAL)
        act_local(job, &attempt);
    else
        act_remote(job, &attempt);
    saga_job_log(job, step->name, &attempt);
    if (attempt.lost)
        return false;
    if (attempt.st == ST_OK)
        return go_on(job);
    if (status_is_refusal(attempt.st)) {
        if (step->kind != SAGA_RETRIABLE)
            return refused(job, &attempt);
        log_error("saga step refused past the pivot", LOG_UUID("sagaId", job->record.view.id),
                  LOG_TEXT("step", step->name), LOG_STATUS(attempt.st));
    }
    saga_job_back_off(job, job->engine->config.backoff_max_ms);
    return false;
}

void saga_run(struct saga_job *job)
{
    bool more = true;

    while (more && !atomic_load(&job->engine->stopping))
        more = job->record.view.state == SAGA_COMPENSATING ? saga_undo_step(job) : act_step(job);
    if (more)
        saga_job_write(job, 0); /* stopping: whoever comes next goes on from here, at once */
}
