/* saga_undo.c - the way back: each step that may have happened is undone, the last one first, for
 * as long as it takes. Undoing is idempotent, so "may have" is enough. */
#include "tool/saga/saga_run.h"

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_attempt.h"

struct saga_target saga_undo_target(const struct saga_job *job, int last)
{
    const struct saga_step *steps = job->entry->type->steps;

    while (last >= 0 && !steps[last].undo)
        last--;
    if (last < 0)
        return (struct saga_target){SAGA_COMPENSATED, job->step};
    return (struct saga_target){SAGA_COMPENSATING, (size_t)last};
}

/* In memory: the first thing written on the way back records it, be that the hold before a remote
 * undo or the transaction of the local ones. */
enum saga_next saga_undo_begin(struct saga_job *job, int last, const char *reason)
{
    log_warn("saga compensates", LOG_UUID("sagaId", job->record.view.id),
             LOG_TEXT("saga", job->entry->type->name), LOG_TEXT("step", saga_job_step(job)->name),
             LOG_TEXT("reason", reason));
    TEXT_COPY(job->record.view.reason, reason);
    saga_job_done(job, saga_undo_target(job, last)); /* no step has changed the data */
    return saga_job_go_on(job);
}

/* The local steps that follow each other down from the present one. */
static struct saga_range local_steps(const struct saga_job *job)
{
    const struct saga_step *steps = job->entry->type->steps;
    struct saga_range range = {job->step, job->step};

    while (range.to > 0 && steps[range.to - 1].place == SAGA_LOCAL)
        range.to--;
    return range;
}

static void undo_remote(struct saga_job *job, struct saga_attempt *attempt)
{
    saga_job_ask(job, SAGA_UNDO, attempt);
    if (!attempt->lost && attempt->st == ST_OK)
        attempt->st = saga_job_done(job, saga_undo_target(job, (int)job->step - 1));
}

enum saga_next saga_undo_step(struct saga_job *job)
{
    const struct saga_step *step = saga_job_step(job);
    struct saga_range local = local_steps(job);
    struct saga_attempt attempt = {0};

    if (step->place == SAGA_LOCAL)
        saga_job_commit(job, saga_undo_target(job, (int)local.to - 1), SAGA_UNDO, local, &attempt);
    else
        undo_remote(job, &attempt);
    saga_job_log(job, step->name, &attempt);
    if (!attempt.lost && attempt.st == ST_OK)
        return saga_job_go_on(job);
    return saga_job_failed(job, &attempt, job->engine->config.undo_backoff_max_ms);
}
