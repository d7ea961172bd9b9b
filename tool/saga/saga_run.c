/* saga_run.c - the way forward. One function for the first run and for recovery: it looks at the
 * record only, never at how the saga came here. */
#include "tool/saga/saga_run.h"

#include "tool/core/log.h"
#include "tool/saga/saga_attempt.h"

/* A pivot that is asked of another service and cannot be undone: once it may have happened, only
 * its answer tells which way to go. */
bool saga_run_in_doubt(const struct saga_job *job)
{
    const struct saga_step *step = saga_job_step(job);

    return job->row_is_current && step->kind == SAGA_PIVOT && step->place == SAGA_REMOTE &&
           !step->undo;
}

static bool out_of_time(const struct saga_job *job)
{
    return saga_job_step(job)->kind != SAGA_RETRIABLE && !saga_run_in_doubt(job) &&
           clock_now_ms(job->engine->config.clock) >= job->deadline_ms;
}

/* The last step that may have happened. The row names a remote step before it is asked; a local one
 * has not happened as long as the row names it. */
int saga_run_last_possible(const struct saga_job *job)
{
    bool possible = job->row_is_current && saga_job_step(job)->place == SAGA_REMOTE;

    return (int)job->step - (possible ? 0 : 1);
}

static struct saga_target after(const struct saga_job *job)
{
    if (job->step + 1 == job->entry->type->n_steps)
        return (struct saga_target){SAGA_SUCCEEDED, job->step};
    return (struct saga_target){SAGA_PROCESSING, job->step + 1};
}

/* What is done elsewhere gets no commit of its own unless it has a note: the next local step's
 * transaction, or the hold before the next remote one, records it. Lost before that, it is asked
 * again and answers the same. */
static void act_remote(struct saga_job *job, struct saga_attempt *attempt)
{
    const struct saga_step *step = saga_job_step(job);
    struct saga_range present = {job->step, job->step};

    saga_job_ask(job, SAGA_ACT, attempt);
    if (attempt->lost || attempt->st != ST_OK)
        return;
    if (!step->note) {
        attempt->st = saga_job_done(job, after(job));
        return;
    }
    saga_job_commit(job, after(job), SAGA_NOTE, present, attempt);
    if (status_is_refusal(attempt->st)) /* the participant has said yes: no way to go */
        attempt->st = ST_INTERNAL;
}

static enum saga_next act_step(struct saga_job *job)
{
    const struct saga_step *step = saga_job_step(job);
    struct saga_attempt attempt = {0};

    if (out_of_time(job))
        return saga_undo_begin(job, saga_run_last_possible(job), "deadline_exceeded");
    if (step->place == SAGA_LOCAL)
        saga_job_commit(job, after(job), SAGA_ACT, (struct saga_range){job->step, job->step},
                        &attempt);
    else
        act_remote(job, &attempt);
    saga_job_log(job, step->name, &attempt);
    if (!attempt.lost && attempt.st == ST_OK)
        return saga_job_go_on(job);
    if (!attempt.lost && status_is_no(attempt.st) && step->kind != SAGA_RETRIABLE)
        /* It did not happen there and never will, or will be prevented. */
        return saga_undo_begin(job, (int)job->step - (step->no_is_undone ? 0 : 1),
                               attempt.problem.code[0] ? attempt.problem.code
                                                       : status_code(attempt.st));
    return saga_job_failed(job, &attempt, job->engine->config.backoff_max_ms);
}

enum saga_next saga_run(struct saga_job *job)
{
    enum saga_next next = SAGA_GO_ON;

    while (next == SAGA_GO_ON && !atomic_load(&job->engine->stopping))
        next = job->record.view.state == SAGA_COMPENSATING ? saga_undo_step(job) : act_step(job);
    if (next != SAGA_GO_ON)
        return next;
    saga_job_write(job, 0); /* stopping: whoever comes next goes on from here, at once */
    return SAGA_LET_GO;
}
