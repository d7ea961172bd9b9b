/* job.c - see job.h. */
#include "tool/job/job.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"

enum {
    THREADS_MAX = 4,
    MORE_MS = 100,
    FAILED_MS = 30000,
    LEASE_SLACK_MS = 5000, /* a run that ends late still ends inside of its lease */
};

struct entry {
    const struct job *row;
    bool running;
    int64_t due_ms;
    enum status last; /* of the run before; the running thread's own */
    int64_t failures; /* in a row; likewise */
    _Atomic int64_t succeeded_ms;
    struct metric *runs, *failed, *seconds, *age;
};

struct jobs {
    struct jobs_config config;
    struct uuid holder;
    pthread_mutex_t lock; /* guards running and due_ms of the entries, and what follows */
    pthread_cond_t changed;
    bool stopping; /* nothing is begun any more */
    bool ending;   /* nor waited for: the threads end, to be joined */
    unsigned running;
    unsigned n_threads;
    pthread_t threads[THREADS_MAX];
    struct entry entries[];
};

/* ---- one run ---- */

/* Up to a tenth less: instances that were started together drift apart. */
static int64_t with_jitter(const struct jobs *jobs, int64_t ms)
{
    uint32_t random;

    jobs->config.entropy->fill(jobs->config.entropy, &random, sizeof(random));
    return ms - ms / 10 * (random % 1024) / 1024;
}

static int64_t next_ms(const struct job *row, enum status st)
{
    if (st == ST_PENDING && row->every_ms > MORE_MS)
        return MORE_MS;
    if (st != ST_OK && st != ST_PENDING && row->every_ms > FAILED_MS)
        return FAILED_MS;
    return row->every_ms;
}

/* One line when it begins to fail or fails in another way, one when that is over. */
static void say(struct entry *entry, enum status st)
{
    bool good = st == ST_OK || st == ST_PENDING;

    if (!good && st != entry->last)
        log_warn("a job failed", LOG_TEXT("job", entry->row->name), LOG_STATUS(st));
    else if (good && entry->failures > 0)
        log_info("a job is done again", LOG_TEXT("job", entry->row->name),
                 LOG_INT("failures", entry->failures));
    entry->failures = good ? 0 : entry->failures + 1;
    entry->last = good ? ST_OK : st;
}

static void count(struct jobs *jobs, struct entry *entry, enum status st, int64_t took_ms)
{
    metric_add(entry->runs, 1);
    metric_observe_us(entry->seconds, took_ms * 1000);
    if (st == ST_OK || st == ST_PENDING)
        atomic_store(&entry->succeeded_ms, clock_now_ms(jobs->config.clock));
    else
        metric_add(entry->failed, 1);
    say(entry, st);
}

static struct call call_of(const struct jobs *jobs, int timeout_ms)
{
    const struct clock *clock = jobs->config.clock;

    return (struct call){.clock = clock, .deadline_ms = clock_now_ms(clock) + timeout_ms};
}

static enum status run_job(struct jobs *jobs, struct entry *entry, const struct job_run *run)
{
    int64_t began_ms = clock_now_ms(jobs->config.clock);
    enum status st;

    st = entry->row->fn((char *)jobs->config.self + entry->row->self, run);
    count(jobs, entry, st, clock_now_ms(jobs->config.clock) - began_ms);
    return st;
}

/* Returns how long until this process tries again: with the name given back for so long, no other
 * does meanwhile. */
static int64_t run_leased(struct jobs *jobs, struct entry *entry)
{
    struct lease *lease = jobs->config.lease;
    const struct job *row = entry->row;
    struct call call = call_of(jobs, row->timeout_ms);
    struct job_run run = {.call = &call, .name = row->name, .lease = lease};
    int64_t wait_ms = 0, lease_ms = row->timeout_ms + LEASE_SLACK_MS;
    int64_t over_ms = clock_now_ms(jobs->config.clock) + lease_ms; /* the lease is not, by then */
    enum status st =
        lease->ops->take(lease, &call, row->name, jobs->holder, lease_ms, &run.fence, &wait_ms);

    if (st == ST_CONFLICT) /* another has it: it may die, so not much later than it must give up */
        return wait_ms < row->every_ms ? wait_ms : row->every_ms;
    call = call_of(jobs, row->timeout_ms);
    if (call.deadline_ms > over_ms) /* it took long to learn that it is taken */
        call.deadline_ms = over_ms;
    if (st == ST_OK && call_expired(&call))
        st = ST_TIMEOUT;
    if (st != ST_OK) {
        count(jobs, entry, st, 0);
        return next_ms(row, st);
    }
    wait_ms = with_jitter(jobs, next_ms(row, run_job(jobs, entry, &run)));
    call = call_of(jobs, row->timeout_ms);
    st = lease->ops->give(lease, &call, row->name, run.fence, wait_ms);
    if (st == ST_STALE)
        log_warn("a job took longer than its lease", LOG_TEXT("job", row->name));
    return wait_ms;
}

static int64_t run_here(struct jobs *jobs, struct entry *entry)
{
    struct call call = call_of(jobs, entry->row->timeout_ms);
    struct job_run run = {.call = &call, .name = entry->row->name};

    return with_jitter(jobs, next_ms(entry->row, run_job(jobs, entry, &run)));
}

/* ---- the threads ---- */

/* The lock is held. The job that is due first of those that do not run, NULL = all run. */
static struct entry *first_due(struct jobs *jobs)
{
    struct entry *first = NULL;

    for (size_t i = 0; i < jobs->config.n; i++) {
        struct entry *entry = &jobs->entries[i];

        if (!entry->running && (!first || entry->due_ms < first->due_ms))
            first = entry;
    }
    return first;
}

/* The lock is held. Waits for the next that is due; NULL = the end. */
static struct entry *take_due(struct jobs *jobs)
{
    while (!jobs->ending) {
        struct entry *entry = jobs->stopping ? NULL : first_due(jobs);
        int64_t left_ms = entry ? entry->due_ms - clock_now_ms(jobs->config.clock) : INT64_MAX;
        struct timespec until = waiting_until(left_ms);

        if (left_ms <= 0)
            return entry;
        waiting_on(&jobs->changed, &jobs->lock, &until);
    }
    return NULL;
}

static void *thread_main(void *arg)
{
    struct jobs *jobs = arg;
    struct entry *entry;

    pthread_setname_np(pthread_self(), jobs->config.thread);
    pthread_mutex_lock(&jobs->lock);
    while ((entry = take_due(jobs))) {
        int64_t wait_ms;

        entry->running = true;
        jobs->running++;
        pthread_mutex_unlock(&jobs->lock);
        wait_ms =
            entry->row->where == JOB_EVERYWHERE ? run_here(jobs, entry) : run_leased(jobs, entry);
        pthread_mutex_lock(&jobs->lock);
        entry->due_ms = clock_now_ms(jobs->config.clock) + wait_ms;
        entry->running = false;
        jobs->running--;
        if (jobs->config.threads > 1)
            pthread_cond_signal(&jobs->changed); /* who waits knew of one job less */
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

/* ---- from outside ---- */

static void collect(void *arg)
{
    struct jobs *jobs = arg;

    for (size_t i = 0; i < jobs->config.n; i++) {
        struct entry *entry = &jobs->entries[i];
        int64_t age_ms = clock_now_ms(jobs->config.clock) - atomic_load(&entry->succeeded_ms);

        metric_set(entry->age, age_ms / 1000);
    }
}

static void init_entry(struct jobs *jobs, struct entry *entry, const struct job *row)
{
    struct metrics *metrics = jobs->config.metrics;
    int64_t now_ms = clock_now_ms(jobs->config.clock);
    char label[JOB_NAME_MAX + 16] = "";

    ASSERT(row->where == JOB_EVERYWHERE || jobs->config.lease);
    metrics_label(label, sizeof(label), "name", row->name);
    entry->row = row;
    entry->due_ms = now_ms + (row->first_ms > 0 ? with_jitter(jobs, row->first_ms) : 0);
    entry->succeeded_ms = now_ms; /* from the start: what never succeeds grows old as well */
    entry->runs = metrics_counter(metrics, "hanok_job_runs_total", "Runs of jobs.", label);
    entry->failed =
        metrics_counter(metrics, "hanok_job_failures_total", "Runs of jobs that failed.", label);
    entry->seconds = metrics_histogram(metrics, "hanok_job_seconds", "Time of one run.", label);
    entry->age = metrics_gauge(metrics, "hanok_job_last_success_age_seconds",
                               "Since this process has last done it, or was started.", label);
}

static void start_threads(struct jobs *jobs)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < jobs->config.threads; i++)
        ASSERT(pthread_create(&jobs->threads[jobs->n_threads++], NULL, thread_main, jobs) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct jobs *jobs_create(const struct jobs_config *config)
{
    struct jobs *jobs = mem_alloc(1, sizeof(*jobs) + config->n * sizeof(jobs->entries[0]));

    ASSERT(config->threads >= 1 && config->threads <= THREADS_MAX);
    jobs->config = *config;
    jobs->holder = uuid_v7(config->clock, config->entropy);
    for (size_t i = 0; i < config->n; i++)
        init_entry(jobs, &jobs->entries[i], &config->rows[i]);
    pthread_mutex_init(&jobs->lock, NULL);
    waiting_init(&jobs->changed);
    if (config->metrics)
        metrics_add_collector(config->metrics, collect, jobs);
    if (config->lease)
        log_info("jobs", LOG_UUID("holder", jobs->holder));
    start_threads(jobs);
    return jobs;
}

void jobs_stop(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = true;
    pthread_cond_broadcast(&jobs->changed);
    pthread_mutex_unlock(&jobs->lock);
}

unsigned jobs_running(struct jobs *jobs)
{
    unsigned running;

    pthread_mutex_lock(&jobs->lock);
    running = jobs->running;
    pthread_mutex_unlock(&jobs->lock);
    return running;
}

void jobs_destroy(struct jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stopping = jobs->ending = true;
    pthread_cond_broadcast(&jobs->changed);
    pthread_mutex_unlock(&jobs->lock);
    for (unsigned i = 0; i < jobs->n_threads; i++)
        pthread_join(jobs->threads[i], NULL);
    pthread_cond_destroy(&jobs->changed);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

enum status job_check(const struct job_run *run, struct transaction *tx)
{
    ASSERT(run->lease);
    return run->lease->ops->check(run->lease, tx, run->call, run->name, run->fence);
}
