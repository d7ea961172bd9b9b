/* maintenance.c - chores, each with its period, done one after the other by one thread. */
#include "tool/service/maintenance.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { PURGE_BATCH = 500, UP_FOR_MS = 4000, AGAIN_MS = 100 };

struct maintenance {
    struct maintenance_config config;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stopped;
    bool stopping;
    bool database_up; /* at the last ping; the thread's own */
    _Atomic int64_t last_answer_ms;
    struct metric *sagas[SAGA_STATES], *unknown, *unreadable, *oldest_open, *mistakes;
};

/* The pool logs when the database goes away and comes back. */
static bool ping(struct maintenance *m, const struct call *call)
{
    const char *why;

    m->database_up = dbc_ping(m->config.db, call, &why) == ST_OK;
    if (m->database_up)
        atomic_store(&m->last_answer_ms, clock_now_ms(m->config.clock));
    return false;
}

static bool poll_sagas(struct maintenance *m, const struct call *call)
{
    if (m->config.sagas && m->database_up)
        saga_engine_poll(m->config.sagas, call);
    return false;
}

static bool take_census(struct maintenance *m, const struct call *call)
{
    struct saga_store *store = m->config.store;
    struct saga_census census;

    if (!store || !m->database_up || store->ops->census(store, call, &census) != ST_OK)
        return false;
    for (int i = 0; i < SAGA_STATES; i++)
        metric_set(m->sagas[i], census.count[i]);
    metric_set(m->unknown, census.unknown);
    metric_set(m->unreadable, (int64_t)saga_engine_unreadable(m->config.sagas));
    metric_add(m->mistakes,
               (int64_t)saga_engine_mistakes(m->config.sagas) - metric_value(m->mistakes));
    metric_set(m->oldest_open, census.oldest_open_ms / 1000);
    return false;
}

static bool purge_messages(struct maintenance *m, const struct call *call)
{
    struct barrier *barrier = m->config.barrier;
    size_t n = 0;

    return barrier->ops->purge(barrier, call, m->config.message_retention_s, PURGE_BATCH, &n) ==
               ST_OK &&
           n == PURGE_BATCH;
}

static bool purge_sagas(struct maintenance *m, const struct call *call)
{
    struct saga_store *store = m->config.store;
    size_t n = 0;

    return store &&
           store->ops->purge(store, call, m->config.saga_retention_s, PURGE_BATCH, &n) == ST_OK &&
           n == PURGE_BATCH;
}

/* fn is true when there is more of it to do: then it comes again soon. Purging goes in small
 * batches, so that no lock is held for long. The first ping is at once: nobody is ready before it.
 */
static const struct chore {
    bool (*fn)(struct maintenance *m, const struct call *call);
    int first_ms, every_ms, timeout_ms;
} CHORES[] = {
    {ping,           0,     1000,    2000},
    {poll_sagas,     0,     200,     2000},
    {take_census,    1000,  5000,    2000},
    {purge_messages, 60000, 3600000, 2000},
    {purge_sagas,    60000, 3600000, 2000},
};

/* Waits until the clock says due_ms; false when it is to end. */
static bool wait_until(struct maintenance *m, int64_t due_ms)
{
    bool go_on;

    pthread_mutex_lock(&m->lock);
    for (;;) {
        int64_t left_ms = due_ms - clock_now_ms(m->config.clock);
        struct timespec until;

        if (m->stopping || left_ms <= 0)
            break;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += left_ms / 1000;
        until.tv_nsec += left_ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000;
        }
        pthread_cond_timedwait(&m->stopped, &m->lock, &until);
    }
    go_on = !m->stopping;
    pthread_mutex_unlock(&m->lock);
    return go_on;
}

static void *thread_main(void *arg)
{
    struct maintenance *m = arg;
    const struct clock *clock = m->config.clock;
    int64_t due_ms[ARRAY_LEN(CHORES)];

    pthread_setname_np(pthread_self(), "maintenance");
    for (size_t i = 0; i < ARRAY_LEN(CHORES); i++)
        due_ms[i] = clock_now_ms(clock) + CHORES[i].first_ms;
    for (;;) {
        size_t next = 0;
        struct call call = {.clock = clock};
        bool more;

        for (size_t i = 1; i < ARRAY_LEN(CHORES); i++)
            if (due_ms[i] < due_ms[next])
                next = i;
        if (!wait_until(m, due_ms[next]))
            return NULL;
        call.deadline_ms = clock_now_ms(clock) + CHORES[next].timeout_ms;
        more = CHORES[next].fn(m, &call);
        due_ms[next] = clock_now_ms(clock) + (more ? AGAIN_MS : CHORES[next].every_ms);
    }
}

static void make_gauges(struct maintenance *m)
{
    if (!m->config.store)
        return;
    for (int i = 0; i < SAGA_STATES; i++) {
        char label[64] = "";

        metrics_label(label, sizeof(label), "state", SAGA_STATE_NAMES[i]);
        m->sagas[i] = metrics_gauge(m->config.metrics, "hanok_sagas", "Sagas by state.", label);
    }
    m->unknown =
        metrics_gauge(m->config.metrics, "hanok_sagas", "Sagas by state.", "state=\"UNKNOWN\"");
    m->unreadable =
        metrics_gauge(m->config.metrics, "hanok_sagas_unreadable",
                      "Open sagas set aside here, as this release cannot read their rows.", "");
    m->mistakes = metrics_counter(m->config.metrics, "hanok_saga_mistakes_total",
                                  "Steps answered as they must not be: a mistake of ours.", "");
    m->oldest_open = metrics_gauge(m->config.metrics, "hanok_saga_oldest_open_seconds",
                                   "Age of the oldest saga that has not ended.", "");
}

struct maintenance *maintenance_create(const struct maintenance_config *config)
{
    struct maintenance *m = MEM_NEW(struct maintenance);
    pthread_condattr_t monotonic;
    int error;

    m->config = *config;
    m->last_answer_ms = INT64_MIN / 2; /* never */
    make_gauges(m);
    pthread_mutex_init(&m->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&m->stopped, &monotonic);
    pthread_condattr_destroy(&monotonic);
    error = pthread_create(&m->thread, NULL, thread_main, m);
    ASSERT(error == 0);
    return m;
}

bool maintenance_database_up(const struct maintenance *m)
{
    /* By time, so that a ping that hangs tells too. */
    return clock_now_ms(m->config.clock) - atomic_load(&m->last_answer_ms) < UP_FOR_MS;
}

void maintenance_destroy(struct maintenance *m)
{
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    m->stopping = true;
    pthread_cond_signal(&m->stopped);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    pthread_cond_destroy(&m->stopped);
    pthread_mutex_destroy(&m->lock);
    free(m);
}
