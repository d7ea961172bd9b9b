/* saga_job.c - what running a saga forward and undoing it share: one attempt, one write. */
#include "tool/saga/saga_job.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_attempt.h"
#include "tool/saga/saga_data.h"
#include "tool/saga/saga_hand.h"

enum {
    STEP_TIMEOUT_MS = 2000,  /* of a remote step that names none */
    WRITE_TIMEOUT_MS = 2000, /* of a transaction of our own */
    LEASE_MARGIN_MS = 500,
    BACKOFF_START_MS = 50,
    PENDING_START_MS = 100,
};

struct saga_job *saga_job_create(struct saga_engine *engine, const struct saga_entry *entry)
{
    size_t align = _Alignof(max_align_t);
    size_t size = (saga_data_size(entry->type) + align - 1) / align * align;
    struct saga_job *job = mem_alloc(1, sizeof(*job) + 3 * size);

    job->engine = engine;
    job->entry = entry;
    job->data = job->behind;
    job->data_recorded = job->behind + size;
    job->data_before = job->behind + 2 * size;
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

void saga_record_at(struct saga_record *record, const struct saga_type *type,
                    struct saga_target target)
{
    record->view.state = target.state;
    TEXT_COPY(record->view.step, type->steps[target.step].name);
    record->attempts = 0;
}

/* What a write has made true. */
static void written(struct saga_job *job, int64_t began_ms, int64_t wake_ms)
{
    job->row_is_current = true;
    job->held_until_ms = began_ms + wake_ms;
    job->record.view.updated_us = clock_wall_us(job->engine->config.clock);
}

static struct call own_call(const struct saga_job *job, int64_t timeout_ms, struct problem *problem)
{
    struct call call = {.clock = job->engine->config.clock,
                        .deadline_ms = now_ms(job) + timeout_ms,
                        .problem = problem,
                        .saga_id = job->record.view.id};

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

/* Sees to it that the row says what is about to happen and the lease outlasts it. False: the job
 * is lost. */
static bool hold(struct saga_job *job, int64_t ms)
{
    if (job->row_is_current && job->held_until_ms >= now_ms(job) + ms + LEASE_MARGIN_MS)
        return true;
    return saga_job_write(job, job->engine->lease_ms) == ST_OK;
}

static enum status run_step(const struct saga_job *job, const struct saga_step *step,
                            enum saga_deed deed, struct transaction *tx, const struct call *call)
{
    saga_step_fn fn = deed == SAGA_ACT ? step->act : deed == SAGA_UNDO ? step->undo : step->note;

    return fn ? fn(&(struct saga_context){.self = job->entry->self,
                                          .id = job->record.view.id,
                                          .about = job->record.view.about,
                                          .call = call,
                                          .tx = tx,
                                          .data = job->data,
                                          .reason = job->record.view.reason,
                                          .first = !tx && !job->may_be_asked})
              : ST_OK;
}

static void begin(const struct saga_job *job, struct saga_attempt *attempt)
{
    attempt->number = job->record.attempts + 1;
    attempt->began_ms = now_ms(job);
}

static void move(struct saga_job *job, struct saga_target target)
{
    job->step = target.step;
    job->pendings = 0;
    job->may_be_asked = false;
}

struct change {
    struct saga_job *job;
    struct saga_target target;
    enum saga_deed deed;
    struct saga_range range;
    struct saga_record record; /* as this run of the body has written it */
    bool lost;
};

/* May run more than once. The fence comes first: whoever lost the row runs no step at all. Only
 * what a step in here changes in the data costs a second update. */
static enum status change_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct change *change = arg;
    struct saga_job *job = change->job;
    struct saga_store *store = job->engine->config.store;
    const struct saga_type *type = job->entry->type;
    int64_t lease_ms = job->engine->lease_ms;
    enum status st;

    memcpy(job->data, job->data_before, saga_data_size(type));
    change->record = job->record;
    saga_record_at(&change->record, type, change->target);
    if (call->problem)
        *call->problem = (struct problem){0};
    st = saga_data_write(job, &change->record);
    if (st == ST_OK)
        st = store->ops->update(store, tx, call, &change->record, lease_ms);
    change->lost = st == ST_STALE;
    for (size_t i = change->range.from + 1; st == ST_OK && i-- > change->range.to;)
        st = run_step(job, &type->steps[i], change->deed, tx, call);
    if (st != ST_OK || memcmp(job->data, job->data_before, saga_data_size(type)) == 0)
        return st;
    st = saga_data_write(job, &change->record);
    return st == ST_OK ? store->ops->update(store, tx, call, &change->record, lease_ms) : st;
}

void saga_job_commit(struct saga_job *job, struct saga_target target, enum saga_deed deed,
                     struct saga_range range, struct saga_attempt *attempt)
{
    struct change change = {.job = job, .target = target, .deed = deed, .range = range};
    struct call call = own_call(job, WRITE_TIMEOUT_MS, &attempt->problem);
    int64_t began_ms = now_ms(job);

    call.saga_state = SAGA_STATE_NAMES[target.state];
    if (deed != SAGA_NOTE)
        begin(job, attempt);
    memcpy(job->data_before, job->data, saga_data_size(job->entry->type));
    attempt->st = transactor_run(job->engine->config.transactor, &call, change_body, &change);
    attempt->lost = change.lost || attempt->st == ST_UNCERTAIN;
    if (attempt->st != ST_OK) {
        saga_data_forget(job);
        return;
    }
    job->record = change.record;
    saga_data_recorded(job);
    written(job, began_ms, job->engine->lease_ms);
    move(job, target);
}

void saga_job_ask(struct saga_job *job, enum saga_deed deed, struct saga_attempt *attempt)
{
    const struct saga_step *step = saga_job_step(job);
    int64_t timeout_ms = saga_step_timeout_ms(step);
    struct call call;

    begin(job, attempt);
    attempt->lost = !hold(job, timeout_ms);
    if (attempt->lost)
        return;
    saga_hand_asks(job);
    call = own_call(job, timeout_ms, &attempt->problem);
    attempt->st = run_step(job, step, deed, NULL, &call);
    job->may_be_asked = true;
    if (attempt->st != ST_OK)
        saga_data_forget(job);
}

enum status saga_job_done(struct saga_job *job, struct saga_target target)
{
    enum status st = saga_data_write(job, &job->record);

    if (st != ST_OK) {
        saga_data_forget(job);
        return st;
    }
    saga_data_recorded(job);
    saga_record_at(&job->record, job->entry->type, target);
    job->row_is_current = false;
    move(job, target);
    return ST_OK;
}

enum saga_next saga_job_go_on(struct saga_job *job)
{
    const struct saga_engine_config *config = &job->engine->config;
    const struct saga_view *view = &job->record.view;

    if (view->state != SAGA_SUCCEEDED && view->state != SAGA_COMPENSATED)
        return SAGA_GO_ON;
    if (!job->row_is_current && saga_job_write(job, 0) != ST_OK)
        return SAGA_LET_GO;
    log_info("saga ended", LOG_UUID("sagaId", view->id), LOG_TEXT("saga", job->entry->type->name),
             LOG_TEXT("state", SAGA_STATE_NAMES[view->state]),
             LOG_TEXT("reason", view->reason[0] ? view->reason : NULL));
    if (config->ended)
        config->ended(config->arg, view);
    return SAGA_LET_GO;
}

/* Doubles from time to time; the upper half is random, so that those who failed together do not
 * come back together. Never past the deadline, as something is to be done then. */
static int64_t pause_ms(const struct saga_job *job, int64_t first_ms, uint32_t times,
                        int64_t max_ms)
{
    const struct entropy *entropy = job->engine->config.entropy;
    int64_t ms = first_ms, left_ms = job->deadline_ms - now_ms(job);
    uint32_t random;

    for (uint32_t i = 1; i < times && ms < max_ms; i++)
        ms *= 2;
    if (ms > max_ms)
        ms = max_ms;
    entropy->fill(entropy, &random, sizeof(random));
    ms = ms / 2 + random % (uint64_t)(ms / 2 + 1);
    return left_ms > 0 && ms > left_ms ? left_ms : ms;
}

/* Not decided yet, which costs a write only when the lease does not outlast the next question. */
static enum saga_next wait_for_it(struct saga_job *job)
{
    int64_t ms =
        pause_ms(job, PENDING_START_MS, ++job->pendings, job->engine->config.pending_max_ms);
    enum saga_next next;

    if (!hold(job, ms + saga_step_timeout_ms(saga_job_step(job))))
        return SAGA_LET_GO;
    next = saga_hand_park(job, now_ms(job) + ms);
    if (next == SAGA_LET_GO)
        saga_job_write(job, atomic_load(&job->engine->stopping) ? 0 : ms);
    return next;
}

enum saga_next saga_job_failed(struct saga_job *job, const struct saga_attempt *attempt,
                               int64_t backoff_max_ms)
{
    if (attempt->lost)
        return SAGA_LET_GO;
    if (attempt->st == ST_PENDING)
        return wait_for_it(job);
    if (status_is_refusal(attempt->st)) {
        atomic_fetch_add(&job->engine->mistakes, 1);
        log_error("saga step answered as it must not be", LOG_UUID("sagaId", job->record.view.id),
                  LOG_TEXT("saga", job->entry->type->name),
                  LOG_TEXT("step", saga_job_step(job)->name), LOG_STATUS(attempt->st),
                  LOG_TEXT("code", attempt->problem.code[0] ? attempt->problem.code : NULL));
    }
    job->record.attempts++;
    saga_job_write(job, pause_ms(job, BACKOFF_START_MS, job->record.attempts, backoff_max_ms));
    return SAGA_LET_GO; /* not written: due when the lease ends */
}

/* "Not yet" is told once a step. */
static enum log_level level_of(const struct saga_job *job, const struct saga_attempt *attempt)
{
    if (attempt->st == ST_PENDING)
        return job->pendings == 0 ? LOG_INFO : LOG_DEBUG;
    return attempt->st == ST_OK ? LOG_INFO : LOG_WARN;
}

void saga_job_log(const struct saga_job *job, const char *step, const struct saga_attempt *attempt)
{
    const struct saga_view *view = &job->record.view;

    log_write(level_of(job, attempt), "saga step",
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
