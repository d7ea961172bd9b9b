/* saga_undo.c - the way back: each step that may have happened is undone, the last one first, for
 * as long as it takes. Undoing is idempotent, so "may have" is enough. */
#include "tool/saga/saga_job.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"

/* The step to undo next, from last down; -1: none is left. */
static int next_undo(const struct saga_type *type, int last)
{
    while (last >= 0 && !type->steps[last].undo)
        last--;
    return last;
}

/* The row as it will be once all steps above `last` are undone. */
static void record_undone(const struct saga_job *job, int last, struct saga_record *next)
{
    int i = next_undo(job->entry->type, last);

    *next = job->record;
    if (i >= 0)
        saga_record_at(next, job->entry->type, (size_t)i, SAGA_COMPENSATING);
    else
        next->view.state = SAGA_COMPENSATED;
}

/* The job is where record_undone(last) said, recorded or not yet. */
static bool go_on(struct saga_job *job, int last)
{
    int i = next_undo(job->entry->type, last);

    if (i >= 0) {
        job->step = (size_t)i;
        return true;
    }
    if (job->recorded || saga_job_write(job, 0) == ST_OK)
        saga_job_ended(job);
    return false;
}

/* In memory: the first thing written on the way back records it, be that the hold before a remote
 * undo or the transaction of the local ones. */
static bool move_on(struct saga_job *job, int last)
{
    struct saga_record next;

    record_undone(job, last, &next);
    job->record = next;
    job->recorded = false;
    return go_on(job, last);
}

bool saga_undo_begin(struct saga_job *job, int last, const char *reason)
{
    log_warn("saga compensates", LOG_UUID("sagaId", job->record.view.id),
             LOG_TEXT("saga", job->entry->type->name), LOG_TEXT("step", saga_job_step(job)->name),
             LOG_TEXT("reason", reason));
    TEXT_COPY(job->record.view.reason, reason);
    return move_on(job, last);
}

/* The lowest of the local steps that follow each other down from `from`. */
static size_t local_run(const struct saga_type *type, size_t from)
{
    size_t to = from;

    while (to > 0 && type->steps[to - 1].place == SAGA_LOCAL)
        to--;
    return to;
}

static bool undo_local(struct saga_job *job, struct saga_attempt *attempt)
{
    size_t to = local_run(job->entry->type, job->step);
    struct saga_record next;

    record_undone(job, (int)to - 1, &next);
    saga_job_commit(job, &next, job->step, to, true, attempt);
    saga_job_log(job, job->entry->type->steps[job->step].name, attempt);
    return attempt->st == ST_OK && go_on(job, (int)to - 1);
}

static bool undo_remote(struct saga_job *job, struct saga_attempt *attempt)
{
    saga_job_ask(job, true, attempt);
    saga_job_log(job, saga_job_step(job)->name, attempt);
    return !attempt->lost && attempt->st == ST_OK && move_on(job, (int)job->step - 1);
}

bool saga_undo_step(struct saga_job *job)
{
    struct saga_attempt attempt = {0};
    bool more = saga_job_step(job)->place == SAGA_LOCAL ? undo_local(job, &attempt)
                                                        : undo_remote(job, &attempt);

    if (attempt.lost || attempt.st == ST_OK)
        return more;
    if (status_is_refusal(attempt.st))
        log_error("saga step refuses to be undone", LOG_UUID("sagaId", job->record.view.id),
                  LOG_TEXT("step", saga_job_step(job)->name), LOG_STATUS(attempt.st));
    saga_job_back_off(job, job->engine->config.undo_backoff_max_ms);
    return false;
}
