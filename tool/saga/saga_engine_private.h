/* saga_engine_private.h - what the engine holds. Private to tool/saga. */
#ifndef TOOL_SAGA_SAGA_ENGINE_PRIVATE_H
#define TOOL_SAGA_SAGA_ENGINE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "tool/saga/saga_aside.h"
#include "tool/saga/saga_engine.h"

enum { SAGA_TYPES_MAX = 32, SAGA_CLAIM_MAX = 16, SAGA_PARKED_MAX = 256, SAGA_HAND_BUCKETS = 256 };

struct saga_job;

struct saga_entry {
    const struct saga_type *type;
    void *self;
};

struct saga_engine {
    struct saga_engine_config config;
    struct saga_entry entries[SAGA_TYPES_MAX];
    size_t n_entries;
    int64_t lease_ms;            /* covers the longest step of all types */
    atomic_bool stopping;        /* take no new work */
    atomic_bool crowded;         /* the pool's queue was full the last time */
    atomic_bool more;            /* the last claim was a whole batch */
    pthread_mutex_t claiming;    /* one thread at a time; of the two that follow */
    struct saga_record *claimed; /* SAGA_CLAIM_MAX */
    struct saga_aside aside;
    atomic_size_t unreadable; /* how many of them */
    atomic_uint_fast64_t mistakes;
    pthread_mutex_t lock;                        /* of what follows, and of how jobs hang in it */
    pthread_cond_t idle;                         /* n_in_hand has become 0 */
    struct saga_job *in_hand[SAGA_HAND_BUCKETS]; /* by id: queued, running or parked */
    unsigned n_in_hand;
    struct saga_job *parked;
    unsigned n_parked;
    struct work *first, **last; /* handed over and no pool to run it */
};

/** The entry of a type by name; NULL when it was never added. */
const struct saga_entry *saga_engine_entry(const struct saga_engine *engine, const char *type);
/** In a thread of the pool, which has just ended a saga: claims the next batch if there is more and
 * the queue is short, so that a backlog does not wait for polls. */
void saga_engine_refill(struct saga_engine *engine);
/** Fills the job from a row as it stands. NULL, or why this release cannot read it. */
const char *saga_engine_read(struct saga_job *job, const struct saga_record *record);

#endif
