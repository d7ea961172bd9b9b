/* saga_job.c - what running a saga forward and undoing it share: one attempt, one write. */
#include "tool/saga/saga_job.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum {
    STEP_TIMEOUT_MS = 2000,  /* of a remote step that names none */
    WRITE_TIMEOUT_MS = 2000, /* of a transaction of our own */
    LEASE_MARGIN_MS = 500,
    BACKOFF_START_MS = 50,
};

struct saga_job *saga_job_create(struct saga_engine *engine, const struct saga_entry *entry)
{
    size_t data_size = entry->type->data ? entry->type->data->size : 0;
    struct saga_job *job = mem_alloc(1, sizeof(*job) + data_size);

    job->engine = engine;
    job->entry = entry;
    return job;
}

const struct saga_step *saga_job_step(const struct saga_job *job)
{
    return &job->entry->type->steps[job->step];
}

int64_t saga_step_timeout_ms(const struct saga_step *step)
{
    return step->timeout_ms > 0 ? step->timeout_ms : STEP_TIMEOUT_MS;
}

static int64_t now_ms(const struct saga_job *job)
{
    return clock_now_ms(job->engine->config.clock);
}

void saga_record_at(struct saga_record *record, const struct saga_type *type, size_t i,
                    enum saga_state state)
{
    record->view.state = state;
    TEXT_COPY(record->view.step, type->steps[i].name);
    record->attempts = 0;
}

/* What a write has made true. */
static void written(struct saga_job *job, int64_t began_ms, int64_t wake_ms)
{
    job->recorded = true;
    job->held_until_ms = began_ms + wake_ms;
    job->record.view.updated_us = clock_wall_us(job->engine->config.clock);
}

static struct call own_call(const struct saga_job *job, int64_t timeout_ms, struct problem *problem)
{
    struct call call = {.clock = job->engine->config.clock,
                        .deadline_ms = now_ms(job) + timeout_ms,
                        .problem = problem};

    memcpy(call.request_id, job->request_id, sizeof(call.request_id));
    memcpy(call.traceparent, job->traceparent, sizeof(call.traceparent));
    return call;
}

enum status saga_job_write(struct saga_job *job, int64_t wake_ms)
{
    struct saga_store *store = job->engine->config.store;
    struct call call = own_call(job, WRITE_TIMEOUT_MS, NULL);
    int64_t began_ms = now_ms(job);
    enum status st;

    if (job->record.view.state == SAGA_STARTED)
        job->record.view.state = SAGA_PROCESSING;
    st = store->ops->update(store, NULL, &call, &job->record, wake_ms);
    if (st == ST_OK)
        written(job, began_ms, wake_ms);
    else if (st != ST_STALE)
        log_warn("saga not written", LOG_UUID("sagaId", job->record.view.id), LOG_STATUS(st));
    return st;
}

bool saga_job_hold(struct saga_job *job, int64_t timeout_ms)
{
    if (job->recorded && job->held_until_ms >= now_ms(job) + timeout_ms + LEASE_MARGIN_MS)
        return true;
    return saga_job_write(job, job->engine->lease_ms) == ST_OK;
}

static enum status run_step(const struct saga_job *job, const struct saga_step *step, bool undo,
                            struct transaction *tx, const struct call *call)
{
    saga_step_fn fn = undo ? step->undo : step->act;

    return fn ? fn(&(struct saga_context){.self = job->entry->self,
                                          .id = job->record.view.id,
                                          .subject = job->record.view.subject,
                                          .call = call,
                                          .tx = tx,
                                          .data = job->data,
                                          .reason = job->record.view.reason})
              : ST_OK;
}

static void begin(const struct saga_job *job, struct saga_attempt *attempt)
{
    attempt->number = job->record.attempts + 1;
    attempt->began_ms = now_ms(job);
}

struct change {
    const struct saga_job *job;
    const struct saga_record *next;
    struct saga_record record; /* next, with the version this transaction gave it */
    size_t from, to;
    bool undo;
    bool lost;
};

/* The fence comes first: who lost the row has no effect at all. */
static enum status change_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct change *change = arg;
    struct saga_store *store = change->job->engine->config.store;
    const struct saga_type *type = change->job->entry->type;
    int64_t lease_ms = change->job->engine->lease_ms;
    enum status st;

    change->record = *change->next;
    if (call->problem)
        *call->problem = (struct problem){0};
    st = store->ops->update(store, tx, call, &change->record, lease_ms);
    change->lost = st == ST_STALE;
    for (size_t i = change->from + 1; st == ST_OK && i-- > change->to;)
        st = run_step(change->job, &type->steps[i], change->undo, tx, call);
    return st;
}

void saga_job_commit(struct saga_job *job, const struct saga_record *next, size_t from, size_t to,
                     bool undo, struct saga_attempt *attempt)
{
    struct change change = {.job = job, .next = next, .from = from, .to = to, .undo = undo};
    struct call call = own_call(job, WRITE_TIMEOUT_MS, &attempt->problem);

    begin(job, attempt);
    attempt->st = transactor_run(job->engine->config.transactor, &call, change_body, &change);
    attempt->lost = change.lost || attempt->st == ST_UNCERTAIN;
    if (attempt->st == ST_OK) {
        job->record = change.record;
        written(job, attempt->began_ms, job->engine->lease_ms);
    }
}

void saga_job_ask(struct saga_job *job, bool undo, struct saga_attempt *attempt)
{
    const struct saga_step *step = saga_job_step(job);
    int64_t timeout_ms = saga_step_timeout_ms(step);
    struct call call;

    begin(job, attempt);
    attempt->lost = !saga_job_hold(job, timeout_ms);
    if (attempt->lost)
        return;
    call = own_call(job, timeout_ms, &attempt->problem);
    attempt->st = run_step(job, step, undo, NULL, &call);
}

/* Doubles from attempt to attempt; the upper half is random, so that those who failed together do
 * not come back together. */
static int64_t back_off_ms(const struct saga_job *job, int64_t max_ms)
{
    const struct entropy *entropy = job->engine->config.entropy;
    int64_t ms = BACKOFF_START_MS;
    uint32_t random;

    for (uint32_t i = 1; i < job->record.attempts && ms < max_ms; i++)
        ms *= 2;
    if (ms > max_ms)
        ms = max_ms;
    entropy->fill(entropy, &random, sizeof(random));
    return ms / 2 + random % (uint64_t)(ms / 2 + 1);
}

void saga_job_back_off(struct saga_job *job, int64_t max_ms)
{
    int64_t wake_ms, left_ms;

    job->record.attempts++;
    wake_ms = back_off_ms(job, max_ms);
    left_ms = job->deadline_ms - now_ms(job);
    if (left_ms > 0 && wake_ms > left_ms)
        wake_ms = left_ms;        /* something is to be done then */
    saga_job_write(job, wake_ms); /* if not, when the lease ends */
}

void saga_job_log(const struct saga_job *job, const char *step, const struct saga_attempt *attempt)
{
    const struct saga_view *view = &job->record.view;

    log_write(attempt->st == ST_OK ? LOG_INFO : LOG_WARN, "saga step",
              (const struct log_field[]){
                  LOG_TEXT("requestId", job->request_id[0] ? job->request_id : NULL),
                  LOG_UUID("sagaId", view->id),
                  LOG_TEXT("saga", job->entry->type->name),
                  LOG_TEXT("step", step),
                  LOG_TEXT("state", SAGA_STATE_NAMES[view->state]),
                  LOG_INT("attempt", attempt->number),
                  LOG_INT("ms", now_ms(job) - attempt->began_ms),
                  LOG_TEXT("status", attempt->lost ? "lost" : status_name(attempt->st)),
                  LOG_TEXT("code", attempt->problem.code[0] ? attempt->problem.code : NULL),
                  LOG_END,
              });
}

void saga_job_ended(const struct saga_job *job)
{
    const struct saga_engine_config *config = &job->engine->config;
    const struct saga_view *view = &job->record.view;

    log_info("saga ended", LOG_UUID("sagaId", view->id), LOG_TEXT("saga", job->entry->type->name),
             LOG_TEXT("state", SAGA_STATE_NAMES[view->state]),
             LOG_TEXT("reason", view->reason[0] ? view->reason : NULL));
    if (config->ended)
        config->ended(config->arg, view);
}
