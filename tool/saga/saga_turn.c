/* saga_turn.c - see saga_turn.h. */
#include "tool/saga/saga_turn.h"

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_run.h"

enum { TRIES = 5 };

static bool is_past_pivot(const struct saga_job *job)
{
    return saga_job_step(job)->kind == SAGA_RETRIABLE || saga_run_in_doubt(job);
}

static enum status unreadable(const struct call *call)
{
    return call_fail(call, ST_CONFLICT, "saga_unreadable",
                     "This release cannot read the saga's row; one that can will go on with it.");
}

static enum status write_turned(struct saga_job *job, const struct call *call)
{
    struct saga_store *store = job->engine->config.store;
    struct saga_target target = saga_undo_target(job, saga_run_last_possible(job));
    enum status st;

    if (is_past_pivot(job))
        return call_fail(call, ST_CONFLICT, "past_pivot",
                         "The saga may have passed its point of no return: it only goes forward.");
    saga_record_at(&job->record, job->entry->type, target);
    TEXT_COPY(job->record.view.reason, SAGA_TURNED);
    st = store->ops->update(store, NULL, call, &job->record, 0); /* for whoever polls next */
    if (st == ST_OK)
        log_warn("saga compensates", LOG_CALL(call), LOG_UUID("sagaId", job->record.view.id),
                 LOG_TEXT("saga", job->entry->type->name), LOG_TEXT("step", job->record.view.step),
                 LOG_TEXT("reason", SAGA_TURNED));
    return st;
}

/* ST_STALE: somebody wrote it meanwhile. */
static enum status turn(struct saga_engine *engine, const struct call *call,
                        const struct saga_record *record)
{
    const struct saga_entry *entry = saga_engine_entry(engine, record->type);
    struct saga_job *job;
    enum status st;

    if (record->view.unreadable || !entry)
        return unreadable(call);
    if (record->view.state == SAGA_COMPENSATING)
        return ST_OK;
    if (record->view.state == SAGA_SUCCEEDED || record->view.state == SAGA_COMPENSATED)
        return call_fail(call, ST_CONFLICT, "saga_ended", "The saga has ended already.");
    job = saga_job_create(engine, entry);
    st = saga_engine_read(job, record) ? unreadable(call) : write_turned(job, call);
    free(job);
    return st;
}

enum status saga_turn_around(struct saga_engine *engine, const struct call *call, struct uuid id)
{
    struct saga_store *store = engine->config.store;

    for (int i = 0; i < TRIES; i++) {
        struct saga_record record;
        enum status st = store->ops->find(store, call, id, &record);

        if (st == ST_OK)
            st = turn(engine, call, &record);
        if (st != ST_STALE)
            return st;
    }
    return call_fail(call, ST_CONFLICT, "saga_moves",
                     "The saga was moved on each time it was to be turned around.");
}
