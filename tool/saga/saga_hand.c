/* saga_hand.c - what is in hand: queued, running, or parked until its participant may have decided.
 */
#include "tool/saga/saga_hand.h"

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/saga/saga_run.h"

static struct saga_job **bucket_of(struct saga_engine *engine, struct uuid id)
{
    return &engine->in_hand[id.b[15] % SAGA_HAND_BUCKETS]; /* random in a UUIDv7 */
}

static void take(struct saga_engine *engine, struct saga_job *job)
{
    struct saga_job **head = bucket_of(engine, job->record.view.id);

    job->id = job->record.view.id;
    pthread_mutex_lock(&engine->lock);
    job->next_in_hand = *head;
    job->at_in_hand = head;
    if (*head)
        (*head)->at_in_hand = &job->next_in_hand;
    *head = job;
    engine->n_in_hand++;
    pthread_mutex_unlock(&engine->lock);
}

static void put_down(struct saga_engine *engine, struct saga_job *job)
{
    pthread_mutex_lock(&engine->lock);
    *job->at_in_hand = job->next_in_hand;
    if (job->next_in_hand)
        job->next_in_hand->at_in_hand = job->at_in_hand;
    if (--engine->n_in_hand == 0)
        pthread_cond_broadcast(&engine->idle);
    pthread_mutex_unlock(&engine->lock);
}

static void run_work(struct work *work)
{
    struct saga_job *job = container_of(work, struct saga_job, work);
    struct saga_engine *engine = job->engine;

    if (saga_run(job) == SAGA_PARKED)
        return;
    /* Only after one that went well: what cannot be done now is tried at the pace of the polls. */
    if (job->record.view.state == SAGA_SUCCEEDED || job->record.view.state == SAGA_COMPENSATED)
        saga_engine_refill(engine);
    put_down(engine, job);
    free(job);
}

/* Without a pool: for the next poll. */
static void keep_waiting(struct saga_engine *engine, struct work *work)
{
    work->next = NULL;
    pthread_mutex_lock(&engine->lock);
    *engine->last = work;
    engine->last = &work->next;
    pthread_mutex_unlock(&engine->lock);
}

static struct work *next_waiting(struct saga_engine *engine)
{
    struct work *work;

    pthread_mutex_lock(&engine->lock);
    work = engine->first;
    if (work && !(engine->first = work->next))
        engine->last = &engine->first;
    pthread_mutex_unlock(&engine->lock);
    return work;
}

static bool submit(struct saga_engine *engine, struct saga_job *job)
{
    bool taken = true;

    job->work.fn = run_work;
    if (engine->config.pool) {
        taken = work_pool_submit(engine->config.pool, &job->work);
        atomic_store(&engine->crowded, !taken);
    } else {
        keep_waiting(engine, &job->work);
    }
    return taken;
}

bool saga_hand_over(struct saga_job *job)
{
    struct saga_engine *engine = job->engine;
    bool taken;

    take(engine, job);
    taken = !atomic_load(&engine->stopping) && submit(engine, job);
    if (!taken)
        put_down(engine, job);
    return taken;
}

/* The lock is held. */
static void unpark(struct saga_engine *engine, struct saga_job *job)
{
    *job->at_parked = job->next_parked;
    if (job->next_parked)
        job->next_parked->at_parked = job->at_parked;
    job->at_parked = NULL;
    engine->n_parked--;
}

enum saga_next saga_hand_park(struct saga_job *job, int64_t resume_ms)
{
    struct saga_engine *engine = job->engine;
    enum saga_next next = SAGA_PARKED;

    pthread_mutex_lock(&engine->lock);
    if (job->woken)
        next = SAGA_GO_ON;
    else if (engine->n_parked == SAGA_PARKED_MAX || atomic_load(&engine->stopping))
        next = SAGA_LET_GO;
    if (next == SAGA_PARKED) {
        job->resume_ms = resume_ms;
        job->next_parked = engine->parked;
        job->at_parked = &engine->parked;
        if (engine->parked)
            engine->parked->at_parked = &job->next_parked;
        engine->parked = job;
        engine->n_parked++;
    }
    pthread_mutex_unlock(&engine->lock);
    return next;
}

void saga_hand_asks(struct saga_job *job)
{
    pthread_mutex_lock(&job->engine->lock);
    job->woken = false;
    pthread_mutex_unlock(&job->engine->lock);
}

/* It was unparked. No room for it: its row is due at once, for whoever has; an engine that stops
 * does not wait for a write, and leaves it to the end of the lease. */
static void resume(struct saga_engine *engine, struct saga_job *job)
{
    if (submit(engine, job))
        return;
    if (!atomic_load(&engine->stopping))
        saga_job_write(job, 0);
    put_down(engine, job);
    free(job);
}

static struct saga_job *next_to_resume(struct saga_engine *engine, int64_t now_ms, bool all)
{
    struct saga_job *job;

    pthread_mutex_lock(&engine->lock);
    job = engine->parked;
    while (job && !all && job->resume_ms > now_ms)
        job = job->next_parked;
    if (job)
        unpark(engine, job);
    pthread_mutex_unlock(&engine->lock);
    return job;
}

size_t saga_hand_resume(struct saga_engine *engine, bool all)
{
    int64_t now_ms = clock_now_ms(engine->config.clock);
    struct saga_job *job;
    size_t n = 0;

    for (; (job = next_to_resume(engine, now_ms, all)); n++)
        resume(engine, job);
    return n;
}

/* The first in hand under this id, from job on. The lock is held. */
static struct saga_job *with_id(struct saga_job *job, struct uuid id)
{
    while (job && !uuid_equal(job->id, id))
        job = job->next_in_hand;
    return job;
}

bool saga_hand_wake(struct saga_engine *engine, struct uuid id)
{
    struct saga_job *job, *parked = NULL;
    bool found = false;

    pthread_mutex_lock(&engine->lock);
    for (job = *bucket_of(engine, id); (job = with_id(job, id)); job = job->next_in_hand) {
        found = job->woken = true;
        if (job->at_parked && !parked)
            unpark(engine, parked = job);
    }
    pthread_mutex_unlock(&engine->lock);
    if (parked)
        resume(engine, parked);
    return found;
}

void saga_hand_drop(struct saga_engine *engine, struct uuid id)
{
    struct saga_job *job, *parked = NULL;

    pthread_mutex_lock(&engine->lock);
    for (job = *bucket_of(engine, id); (job = with_id(job, id)); job = job->next_in_hand)
        if (job->at_parked)
            parked = job;
    if (parked)
        unpark(engine, parked);
    pthread_mutex_unlock(&engine->lock);
    if (parked)
        put_down(engine, parked);
    free(parked);
}

size_t saga_hand_run_waiting(struct saga_engine *engine)
{
    struct work *work;
    size_t n = 0;

    for (; !engine->config.pool && (work = next_waiting(engine)); n++)
        work->fn(work);
    return n;
}

void saga_hand_empty(struct saga_engine *engine)
{
    struct work *work;

    while ((work = next_waiting(engine))) { /* their leases run out */
        struct saga_job *job = container_of(work, struct saga_job, work);
        put_down(engine, job);
        free(job);
    }
    pthread_mutex_lock(&engine->lock);
    while (engine->n_in_hand > 0)
        pthread_cond_wait(&engine->idle, &engine->lock);
    pthread_mutex_unlock(&engine->lock);
}
