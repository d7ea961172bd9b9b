/* saga.c - saga types, starting a saga, looking at one. */
#include "tool/saga/saga.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_data.h"
#include "tool/saga/saga_hand.h"
#include "tool/saga/saga_job.h"

enum {
    MARGIN_MS = 1000,
    CROWDED_LEASE_MS = 1000,
    LOOK_UPS = 3,
    WAKE_TIMEOUT_MS = 2000,
    WAKE_QUIET_MS = 250, /* whoever wrote the row so lately is asking right now */
};

/* Every remote step is asked again when its answer is lost. */
static void check_operations(const struct saga_step *step)
{
    bool remote = step->place == SAGA_REMOTE;

    ASSERT(remote ? step->op && step->op->idempotent : !step->op && !step->note);
    if (step->undo_op || (remote && step->undo))
        ASSERT(remote && step->undo && step->undo_op && step->undo_op->idempotent);
}

static void check_step(const struct saga_type *type, size_t i)
{
    const struct saga_step *step = &type->steps[i];

    ASSERT(step->name && step->name[0] && strlen(step->name) <= SAGA_NAME_MAX);
    for (size_t j = 0; j < i; j++)
        ASSERT(strcmp(type->steps[j].name, step->name) != 0);
    ASSERT(step->timeout_ms >= 0);
    if (i > 0) {
        ASSERT(step->kind >= type->steps[i - 1].kind);
        ASSERT(step->kind != SAGA_PIVOT || type->steps[i - 1].kind != SAGA_PIVOT);
        ASSERT(!type->steps[i - 1].act || step->act); /* NULL only in front */
    }
    if (step->kind == SAGA_RETRIABLE)
        ASSERT(i > 0 && type->steps[i - 1].kind != SAGA_COMPENSATABLE && !step->undo);
    ASSERT(step->act || step->place == SAGA_LOCAL);
    check_operations(step);
}

void saga_engine_add(struct saga_engine *engine, const struct saga_type *type, void *self)
{
    ASSERT(type->name && type->name[0] && strlen(type->name) <= SAGA_NAME_MAX);
    ASSERT(!saga_engine_entry(engine, type->name) && engine->n_entries < SAGA_TYPES_MAX);
    ASSERT(type->n_steps > 0 && type->n_steps <= SAGA_STEPS_MAX);
    ASSERT(type->deadline_ms > 0 && type->steps[type->n_steps - 1].act);
    for (size_t i = 0; i < type->n_steps; i++) {
        int64_t lease_ms = saga_step_timeout_ms(&type->steps[i]) + MARGIN_MS;
        check_step(type, i);
        if (engine->lease_ms < lease_ms)
            engine->lease_ms = lease_ms;
        ASSERT(lease_ms <= SAGA_PAUSE_MAX_MS);
    }
    engine->entries[engine->n_entries++] = (struct saga_entry){type, self};
}

static size_t first_step(const struct saga_type *type)
{
    size_t i = 0;

    while (!type->steps[i].act)
        i++;
    return i;
}

/* Short when it is not likely to be run here at once, so that a poller soon takes it up. */
static int64_t first_lease_ms(const struct saga_engine *engine)
{
    if (atomic_load(&engine->stopping))
        return 0;
    return atomic_load(&engine->crowded) ? CROWDED_LEASE_MS : engine->lease_ms;
}

static struct saga_job *new_saga(struct saga_engine *engine, const struct saga_type *type,
                                 struct uuid id, struct uuid about, const void *data)
{
    const struct saga_entry *entry = saga_engine_entry(engine, type->name);
    const struct clock *clock = engine->config.clock;
    struct saga_job *job;

    ASSERT(entry && entry->type == type);
    job = saga_job_create(engine, entry);
    job->record.view.id = id;
    job->record.view.about = about;
    job->record.view.started_us = job->record.view.updated_us = clock_wall_us(clock);
    job->record.remaining_ms = type->deadline_ms;
    job->deadline_ms = clock_now_ms(clock) + type->deadline_ms;
    job->row_is_current = true;
    TEXT_COPY(job->record.type, type->name);
    job->step = first_step(type);
    saga_record_at(&job->record, type, (struct saga_target){SAGA_STARTED, job->step});
    if (type->data) {
        struct json_out json;
        json_out_init(&json, job->record.data, sizeof(job->record.data));
        encode(type->data, data, &json);
        ASSERT(!json.overflow);
        memcpy(job->data, data, type->data->size);
    }
    saga_data_recorded(job);
    return job;
}

struct start {
    struct saga_job *job;
    int64_t lease_ms;
    transaction_fn body;
    void *arg;
};

static enum status start_body(struct transaction *tx, const struct call *call, void *arg)
{
    struct start *start = arg;
    struct saga_store *store = start->job->engine->config.store;
    struct saga_record *record = &start->job->record;
    struct call saga_call = *call;
    enum status st;

    saga_call.saga_id = record->view.id;
    saga_call.saga_state = SAGA_STATE_NAMES[record->view.state];
    st = start->body ? start->body(tx, &saga_call, start->arg) : ST_OK;
    return st == ST_OK ? store->ops->insert(store, tx, call, record, start->lease_ms) : st;
}

/* The connection was lost on COMMIT. A row that is there is an answer; one that is not may still be
 * on its way, so "not found" is none. */
static enum status look_up(struct saga_engine *engine, const struct call *call, struct uuid id)
{
    for (int i = 0; i < LOOK_UPS && !call_expired(call); i++) {
        struct saga_view view;
        if (saga_find(engine, call, id, &view) == ST_OK)
            return ST_OK;
    }
    return ST_UNCERTAIN;
}

enum status saga_start(struct saga_engine *engine, const struct call *call,
                       const struct saga_type *type, struct uuid id, struct uuid about,
                       const void *data, transaction_fn body, void *arg)
{
    struct start start = {.job = new_saga(engine, type, id, about, data),
                          .lease_ms = first_lease_ms(engine),
                          .body = body,
                          .arg = arg};
    enum status st;

    TEXT_COPY(start.job->request_id, call->request_id);
    TEXT_COPY(start.job->traceparent, call->traceparent);
    start.job->held_until_ms = clock_now_ms(engine->config.clock) + start.lease_ms;
    st = transactor_run(engine->config.transactor, call, start_body, &start);
    if (st == ST_UNCERTAIN)
        st = look_up(engine, call, id);
    if (st != ST_OK) {
        free(start.job);
        return st;
    }
    log_info("saga started", LOG_CALL(call), LOG_UUID("sagaId", id), LOG_TEXT("saga", type->name));
    if (!saga_hand_over(start.job)) { /* it is for whoever polls next */
        if (start.lease_ms > CROWDED_LEASE_MS)
            saga_job_write(start.job, 0);
        free(start.job);
    }
    return ST_OK;
}

enum status saga_wake(struct saga_engine *engine, struct uuid id)
{
    struct saga_store *store = engine->config.store;
    const struct clock *clock = engine->config.clock;
    struct call call = {.clock = clock, .deadline_ms = clock_now_ms(clock) + WAKE_TIMEOUT_MS};

    return saga_hand_wake(engine, id) ? ST_OK : store->ops->wake(store, &call, id, WAKE_QUIET_MS);
}

enum status saga_find(struct saga_engine *engine, const struct call *call, struct uuid id,
                      struct saga_view *out)
{
    struct saga_store *store = engine->config.store;
    struct saga_record record;
    enum status st = store->ops->find(store, call, id, &record);

    if (st == ST_OK)
        *out = record.view;
    return st;
}
