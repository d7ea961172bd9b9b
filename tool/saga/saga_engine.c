/* saga_engine.c - who runs a saga when: claims what is due and hands it to the pool. */
#include "tool/saga/saga_engine.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_data.h"
#include "tool/saga/saga_hand.h"
#include "tool/saga/saga_job.h"

enum { REFILL_TIMEOUT_MS = 2000 };

static int64_t or_default(int64_t value, int64_t fallback)
{
    return value > 0 ? value : fallback;
}

struct saga_engine *saga_engine_create(const struct saga_engine_config *config)
{
    struct saga_engine *engine = MEM_NEW(struct saga_engine);

    engine->config = *config;
    engine->lease_ms = or_default(config->lease_ms, 10000);
    ASSERT(engine->lease_ms <= SAGA_PAUSE_MAX_MS);
    engine->config.backoff_max_ms = or_default(config->backoff_max_ms, 2000);
    engine->config.undo_backoff_max_ms = or_default(config->undo_backoff_max_ms, 5000);
    engine->config.pending_max_ms = or_default(config->pending_max_ms, 5000);
    engine->claimed = mem_alloc(SAGA_CLAIM_MAX, sizeof(*engine->claimed));
    engine->last = &engine->first;
    pthread_mutex_init(&engine->claiming, NULL);
    pthread_mutex_init(&engine->lock, NULL);
    pthread_cond_init(&engine->idle, NULL);
    return engine;
}

const struct saga_entry *saga_engine_entry(const struct saga_engine *engine, const char *type)
{
    for (size_t i = 0; i < engine->n_entries; i++)
        if (strcmp(engine->entries[i].type->name, type) == 0)
            return &engine->entries[i];
    return NULL;
}

const char *saga_engine_read(struct saga_job *job, const struct saga_record *record)
{
    const struct saga_type *type = job->entry->type;
    int64_t now_ms = clock_now_ms(job->engine->config.clock);

    job->record = *record;
    job->row_is_current = job->may_be_asked = true;
    uuid_text(record->view.id, job->request_id);
    job->held_until_ms = now_ms + job->engine->lease_ms;
    /* More than it began with is left only where the clock has been set back since. */
    job->deadline_ms = now_ms + (record->remaining_ms < type->deadline_ms ? record->remaining_ms
                                                                          : type->deadline_ms);
    for (job->step = 0; job->step < type->n_steps; job->step++)
        if (strcmp(type->steps[job->step].name, record->view.step) == 0)
            break;
    if (job->step == type->n_steps)
        return "its type has no such step";
    if (!saga_data_read(job))
        return "its data is not what the steps need";
    return NULL;
}

/* A row this release cannot read is left for one that can, and is in nobody's way until then. */
static void set_aside(struct saga_engine *engine, const struct call *call,
                      const struct saga_record *record, const char *why)
{
    const struct clock *clock = engine->config.clock;
    struct saga_store *store = engine->config.store;
    int64_t age_ms = (clock_wall_us(clock) - record->view.updated_us) / 1000;
    int64_t now_ms = clock_now_ms(clock), pause_ms = saga_aside_pause_ms(age_ms);

    if (saga_aside_note(&engine->aside, record->view.id, now_ms + pause_ms, now_ms))
        log_error("saga cannot be read", LOG_UUID("sagaId", record->view.id),
                  LOG_TEXT("saga", record->type), LOG_TEXT("step", record->view.step),
                  LOG_TEXT("why", why));
    store->ops->set_aside(store, call, record, pause_ms);
}

static void take_up(struct saga_engine *engine, const struct call *call, struct saga_record *record)
{
    const struct saga_entry *entry = saga_engine_entry(engine, record->type);
    const char *why = entry ? NULL : "its type is not known";
    struct saga_job *job;

    if (record->view.unreadable || !entry) {
        set_aside(engine, call, record, record->view.unreadable ? record->why : why);
        return;
    }
    saga_hand_drop(engine, record->view.id); /* its row was due: a nudge, or the lease was over */
    job = saga_job_create(engine, entry);
    why = saga_engine_read(job, record);
    if (why) {
        free(job);
        set_aside(engine, call, record, why);
    } else if (!saga_hand_over(job)) {
        saga_job_write(job, 0); /* due at once, for whoever has room */
        free(job);
    }
}

static bool has_room(const struct saga_engine *engine)
{
    return !atomic_load(&engine->stopping) &&
           (!engine->config.pool || work_pool_queued(engine->config.pool) < SAGA_CLAIM_MAX);
}

static size_t claim_due(struct saga_engine *engine, const struct call *call)
{
    struct saga_store *store = engine->config.store;
    size_t taken = 0, n = 0;

    while (has_room(engine)) {
        if (store->ops->claim(store, call, engine->lease_ms, SAGA_CLAIM_MAX, engine->claimed, &n) !=
            ST_OK)
            break;
        for (size_t i = 0; i < n; i++)
            take_up(engine, call, &engine->claimed[i]);
        if (engine->config.pool)
            taken += n;
        else
            taken += saga_hand_run_waiting(engine);
        atomic_store(&engine->more, n == SAGA_CLAIM_MAX);
        if (n < SAGA_CLAIM_MAX || atomic_load(&engine->crowded))
            break;
    }
    return taken;
}

size_t saga_engine_poll(struct saga_engine *engine, const struct call *call)
{
    size_t taken = saga_hand_resume(engine, false);

    if (engine->config.pool)
        pthread_mutex_lock(&engine->claiming);
    else /* then this is its only thread, which runs what it claims */
        taken = saga_hand_run_waiting(engine);
    taken += claim_due(engine, call);
    atomic_store(&engine->unreadable,
                 saga_aside_count(&engine->aside, clock_now_ms(engine->config.clock)));
    if (engine->config.pool)
        pthread_mutex_unlock(&engine->claiming);
    return taken;
}

void saga_engine_refill(struct saga_engine *engine)
{
    const struct clock *clock = engine->config.clock;
    struct call call = {.clock = clock, .deadline_ms = clock_now_ms(clock) + REFILL_TIMEOUT_MS};

    if (!engine->config.pool || !atomic_load(&engine->more) || !has_room(engine) ||
        pthread_mutex_trylock(&engine->claiming) != 0)
        return;
    claim_due(engine, &call);
    pthread_mutex_unlock(&engine->claiming);
}

size_t saga_engine_unreadable(const struct saga_engine *engine)
{
    return atomic_load(&engine->unreadable);
}

void saga_engine_stop(struct saga_engine *engine)
{
    atomic_store(&engine->stopping, true);
    saga_hand_resume(engine, true);
}

uint64_t saga_engine_mistakes(const struct saga_engine *engine)
{
    return atomic_load(&engine->mistakes);
}

unsigned saga_engine_running(const struct saga_engine *engine)
{
    struct saga_engine *self = (struct saga_engine *)engine; /* the lock is not the value */
    unsigned n;

    pthread_mutex_lock(&self->lock);
    n = self->n_in_hand;
    pthread_mutex_unlock(&self->lock);
    return n;
}

void saga_engine_destroy(struct saga_engine *engine)
{
    if (!engine)
        return;
    saga_engine_stop(engine);
    saga_hand_empty(engine);
    saga_aside_fini(&engine->aside);
    pthread_cond_destroy(&engine->idle);
    pthread_mutex_destroy(&engine->claiming);
    pthread_mutex_destroy(&engine->lock);
    free(engine->claimed);
    free(engine);
}
