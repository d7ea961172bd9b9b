/* work_pool.c - threads that take work from one bounded queue. */
#include "tool/core/work_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { THREADS_MAX = 256 };

struct work_pool {
    struct work_pool_config config;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct work *first, **last;     /* oldest first */
    const struct work_kind *called; /* what it is of was queued last, and a thread called for it */
    atomic_uint queued, running;    /* written under the lock; read for gauges without it */
    unsigned waiting;               /* threads with nothing to do */
    bool ending;
    unsigned n_threads;
    pthread_t threads[THREADS_MAX];
};

/* Takes *at, which stands in the queue. */
static struct work *unlink_work(struct work_pool *pool, struct work **at)
{
    struct work *work = *at;

    *at = work->next;
    if (!*at)
        pool->last = at;
    pool->queued--;
    work->next = NULL;
    return work;
}

/* Takes what may be done together with first, which was the oldest, in its order. */
static void take_alike(struct work_pool *pool, struct work *first)
{
    const struct work_kind *kind = first->kind;
    struct work **at = &pool->first, **end = &first->next;
    unsigned n = 1;

    while (*at && n < kind->together_max) {
        if ((*at)->kind != kind) {
            at = &(*at)->next;
            continue;
        }
        *end = unlink_work(pool, at);
        end = &(*end)->next;
        n++;
    }
    if (pool->called == kind)
        pool->called = NULL;
    /* Those beyond the maximum called for nobody when they came. */
    if (n == kind->together_max && pool->first && pool->waiting > 0)
        pthread_cond_signal(&pool->filled);
}

/* The lock is held. NULL = the pool ends. */
static struct work *take(struct work_pool *pool)
{
    struct work *work;

    if (!pool->first && pool->config.thread_idle) {
        pthread_mutex_unlock(&pool->lock);
        pool->config.thread_idle(pool->config.arg);
        pthread_mutex_lock(&pool->lock);
    }
    while (!pool->first && !pool->ending) {
        pool->waiting++;
        pthread_cond_wait(&pool->filled, &pool->lock);
        pool->waiting--;
    }
    if (!pool->first)
        return NULL;
    pool->running++; /* first: whoever reads both never misses it */
    work = unlink_work(pool, &pool->first);
    if (work->kind)
        take_alike(pool, work);
    return work;
}

static void *thread_main(void *arg)
{
    struct work_pool *pool = arg;
    struct work *work;

    pthread_setname_np(pthread_self(), pool->config.name);
    if (pool->config.thread_start)
        pool->config.thread_start(pool->config.arg);
    pthread_mutex_lock(&pool->lock);
    while ((work = take(pool))) {
        pthread_mutex_unlock(&pool->lock);
        work->fn(work);
        pthread_mutex_lock(&pool->lock);
        pool->running--;
    }
    pthread_mutex_unlock(&pool->lock);
    if (pool->config.thread_stop)
        pool->config.thread_stop(pool->config.arg);
    return NULL;
}

static void start_threads(struct work_pool *pool)
{
    sigset_t all, before;

    /* Signals are the main thread's: a worker must not be interrupted in the middle of a query. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (; pool->n_threads < pool->config.threads; pool->n_threads++) {
        int error = pthread_create(&pool->threads[pool->n_threads], NULL, thread_main, pool);

        ASSERT(error == 0);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct work_pool *work_pool_create(const struct work_pool_config *config)
{
    struct work_pool *pool = MEM_NEW(struct work_pool);

    ASSERT(config->threads >= 1 && config->threads <= THREADS_MAX);
    pool->config = *config;
    pool->last = &pool->first;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->filled, NULL);
    start_threads(pool);
    return pool;
}

void work_pool_destroy(struct work_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->filled);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_cond_destroy(&pool->filled);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

bool work_pool_submit(struct work_pool *pool, struct work *work)
{
    bool taken, wake;

    pthread_mutex_lock(&pool->lock);
    /* Who was called for the one before takes this one too. */
    wake = pool->waiting > 0 && !(work->kind && work->kind == pool->called);
    taken = pool->queued < pool->config.capacity;
    if (taken) {
        work->next = NULL;
        *pool->last = work;
        pool->last = &work->next;
        pool->queued++;
        pool->called = work->kind;
    }
    pthread_mutex_unlock(&pool->lock);
    if (taken && wake)
        pthread_cond_signal(&pool->filled);
    return taken;
}

unsigned work_pool_queued(const struct work_pool *pool)
{
    return pool->queued;
}

unsigned work_pool_running(const struct work_pool *pool)
{
    return pool->running;
}
