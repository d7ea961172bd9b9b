/* saga_engine.h - runs sagas: the same code for the first run and for recovery. For the skeleton
 * and the simulation; use cases include saga.h. */
#ifndef TOOL_SAGA_SAGA_ENGINE_H
#define TOOL_SAGA_SAGA_ENGINE_H

#include "tool/core/work_pool.h"
#include "tool/saga/saga_store.h"

struct saga_engine_config {
    struct transactor *transactor; /* borrowed, like all below */
    struct saga_store *store;
    const struct clock *clock;
    const struct entropy *entropy; /* jitter of back-off */
    struct work_pool *pool;        /* runs sagas; NULL: saga_engine_poll does (simulation) */
    int64_t lease_ms;              /* a claim is good for this long; 0 = 10 000 */
    int64_t backoff_max_ms;        /* of steps; 0 = 2000 */
    int64_t undo_backoff_max_ms;   /* of compensations; 0 = 5000 */
    int64_t pending_max_ms;        /* between questions to who says "not yet"; 0 = 5000 */
    /** Told once a saga this process ran has ended; from the thread that ran it. NULL = nobody. */
    void (*ended)(void *arg, const struct saga_view *view);
    void *arg;
};

struct saga_engine *saga_engine_create(const struct saga_engine_config *config);
/** Takes no new work from now on: nothing is claimed, a saga started is left to whoever claims it,
 * sagas in hand finish their present step and are given back. Any thread; does not wait. */
void saga_engine_stop(struct saga_engine *engine);
/** How many sagas are in hand: queued, running, or waiting for who has not decided yet. Any thread.
 */
unsigned saga_engine_running(const struct saga_engine *engine);
/** Stops, and waits until none is in hand (the pool must still run). NULL is fine. */
void saga_engine_destroy(struct saga_engine *engine);
/** Claims what is due and runs it (on the pool, or here when there is none), and what saga_start
 * handed over when there is no pool. To be called every 200 ms or so, from one thread. Returns how
 * many it took. */
size_t saga_engine_poll(struct saga_engine *engine, const struct call *call);
/** How often a step was answered as it must not be: a refusal that is no "no", or one where none
 * may come (past the pivot, to an undo). Each is in the log. Any thread. */
uint64_t saga_engine_mistakes(const struct saga_engine *engine);
/** How many open sagas this process has set aside, as their rows say what this release cannot read
 * (a state, step or type it does not know, data that do not fit): they wait for one that can. Any
 * thread. */
size_t saga_engine_unreadable(const struct saga_engine *engine);

#endif
