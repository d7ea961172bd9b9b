/* work_pool.h - a bounded number of threads with a bounded queue, for work that blocks. */
#ifndef TOOL_CORE_WORK_POOL_H
#define TOOL_CORE_WORK_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct work_pool;

/** Work that costs less when it is done together: a thread that takes one takes all of the kind
 * that are queued by then. One alone is taken at once and never waits for company. Lives as long as
 * work of it does. */
struct work_kind {
    unsigned together_max; /* at most so many at a time, >= 1 */
};

/** Lives in its owner's struct until run; fn may free it. */
struct work {
    struct work
        *next; /* private until fn is called; then: what was taken together with it, or NULL */
    void (*fn)(struct work *work);
    const struct work_kind *kind; /* NULL = always alone */
    uint32_t lane; /* works of one lane run one at a time, in their order: one that has many keeps
                      no thread from the others, and no more than a quarter of the queue; 0 = of
                      none; not with a kind */
};

struct work_pool_config {
    const char *name;                /* thread name, at most 15 characters; kept by pointer */
    unsigned threads;                /* 1..256 */
    unsigned capacity;               /* queued, not yet running */
    void (*thread_start)(void *arg); /* in each new thread; NULL = nothing */
    void (*thread_idle)(void *arg);  /* in a thread that found the queue empty, before it waits */
    void (*thread_rest)(void *arg); /* once in a thread that has had nothing to do for rest_ms, > 0:
                                       gives back what it only needs to work; NULL = nothing */
    int64_t rest_ms;
    void (*thread_stop)(void *arg);
    void *arg;
};

struct work_pool *work_pool_create(const struct work_pool_config *config);
/** Runs what is queued, then ends the threads; NULL is fine. Nobody may submit any more. */
void work_pool_destroy(struct work_pool *pool);
/** Any thread. False when the queue, or its lane, is full: say "overloaded" at once. */
bool work_pool_submit(struct work_pool *pool, struct work *work);
/** How long what is submitted now would wait, by how long works have taken lately; 0 while not even
 * half of the queue is taken. Any thread. */
int64_t work_pool_wait_ms(const struct work_pool *pool);
/** For gauges; any thread. Read in this order, both are 0 only when all that was submitted is done.
 */
unsigned work_pool_queued(const struct work_pool *pool);
unsigned work_pool_running(const struct work_pool *pool);

#endif
