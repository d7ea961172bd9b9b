/* work_pool.c - threads that take work from one bounded queue. */
#include "tool/core/work_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"

enum { THREADS_MAX = 256, LANES = 256, PART = 4, MEAN_OF = 16 };

/* Several may share one: they then wait for each other, too. */
struct lane {
    struct work *first, **last; /* whose turn comes when the one that runs has ended */
    unsigned n;                 /* not yet running */
    bool busy;
};

struct work_pool {
    struct work_pool_config config;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct work *first, **last; /* oldest first */
    struct lane lanes[LANES];
    const struct work_kind *called; /* what it is of was queued last, and a thread called for it */
    atomic_llong mean_us;           /* of a work, lately; written under the lock */
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

static struct lane *lane_of(struct work_pool *pool, uint32_t lane)
{
    return lane ? &pool->lanes[lane % LANES] : NULL;
}

/* Takes the oldest whose lane is free; the others wait beside the queue. */
static struct work *take_free(struct work_pool *pool)
{
    while (pool->first) {
        struct work *work = unlink_work(pool, &pool->first);
        struct lane *lane = lane_of(pool, work->lane);

        if (lane && lane->busy) {
            pool->queued++;
            *lane->last = work;
            lane->last = &work->next;
            continue;
        }
        if (lane) {
            lane->busy = true;
            lane->n--;
        }
        return work;
    }
    return NULL;
}

/* The next of the lane comes first: it has waited for longer than all that are queued. Whoever ran
 * the last one takes it, so nobody is called. */
static void leave_lane(struct work_pool *pool, struct lane *lane)
{
    struct work *work = lane->first;

    lane->busy = false;
    if (!work)
        return;
    lane->first = work->next;
    if (!lane->first)
        lane->last = &lane->first;
    work->next = pool->first;
    if (!pool->first)
        pool->last = &work->next;
    pool->first = work;
}

/* The lock is held, but while it rests. True once the thread has rested: it then waits for as long
 * as it takes. */
static bool wait_filled(struct work_pool *pool, bool rested)
{
    bool called = true;

    pool->waiting++;
    if (rested || !pool->config.thread_rest) {
        pthread_cond_wait(&pool->filled, &pool->lock);
    } else {
        struct timespec until = waiting_until(pool->config.rest_ms);

        called = waiting_on(&pool->filled, &pool->lock, &until);
    }
    pool->waiting--;
    if (called || pool->first || pool->ending)
        return rested;
    pthread_mutex_unlock(&pool->lock);
    pool->config.thread_rest(pool->config.arg);
    pthread_mutex_lock(&pool->lock);
    return true;
}

/* The lock is held. NULL = the pool ends. */
static struct work *take(struct work_pool *pool)
{
    struct work *work;
    bool rested = false;

    if (!pool->first && pool->config.thread_idle) {
        pthread_mutex_unlock(&pool->lock);
        pool->config.thread_idle(pool->config.arg);
        pthread_mutex_lock(&pool->lock);
    }
    pool->running++; /* first: whoever reads both never misses it */
    while (!(work = take_free(pool)) && !pool->ending) {
        pool->running--;
        rested = wait_filled(pool, rested);
        pool->running++;
    }
    if (!work)
        pool->running--;
    else if (work->kind)
        take_alike(pool, work);
    return work;
}

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static unsigned count(const struct work *work)
{
    unsigned n = 0;

    for (; work; work = work->next)
        n++;
    return n;
}

/* The lock is held, but while it works. */
static void run(struct work_pool *pool, struct work *work)
{
    struct lane *lane = lane_of(pool, work->lane);
    unsigned n = count(work); /* before: fn may free it */
    int64_t since_us, us;

    pthread_mutex_unlock(&pool->lock);
    since_us = now_us();
    work->fn(work);
    us = now_us() - since_us;
    pthread_mutex_lock(&pool->lock);
    pool->mean_us += (us / n - pool->mean_us) / MEAN_OF;
    if (lane)
        leave_lane(pool, lane);
    pool->running--;
}

static void *thread_main(void *arg)
{
    struct work_pool *pool = arg;
    struct work *work;

    pthread_setname_np(pthread_self(), pool->config.name);
    if (pool->config.thread_start)
        pool->config.thread_start(pool->config.arg);
    pthread_mutex_lock(&pool->lock);
    while ((work = take(pool)))
        run(pool, work);
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
    ASSERT(!config->thread_rest || config->rest_ms > 0);
    pool->config = *config;
    pool->last = &pool->first;
    for (size_t i = 0; i < LANES; i++)
        pool->lanes[i].last = &pool->lanes[i].first;
    pthread_mutex_init(&pool->lock, NULL);
    waiting_init(&pool->filled);
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
    struct lane *lane = lane_of(pool, work->lane);
    bool taken, wake;

    pthread_mutex_lock(&pool->lock);
    /* Who was called for the one before takes this one too. */
    wake = pool->waiting > 0 && !(work->kind && work->kind == pool->called);
    taken =
        pool->queued < pool->config.capacity && (!lane || lane->n <= pool->config.capacity / PART);
    if (taken) {
        if (lane)
            lane->n++;
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

int64_t work_pool_wait_ms(const struct work_pool *pool)
{
    unsigned queued = pool->queued;

    if (queued < pool->config.capacity / 2)
        return 0;
    return queued * pool->mean_us / pool->config.threads / 1000;
}

unsigned work_pool_queued(const struct work_pool *pool)
{
    return pool->queued;
}

unsigned work_pool_running(const struct work_pool *pool)
{
    return pool->running;
}
