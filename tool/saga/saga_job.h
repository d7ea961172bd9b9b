/* saga_job.h - one saga in hand: what running it forward and undoing it share. Private to
 * tool/saga.
 *
 * How a saga goes, and what each way costs. [w]: one commit that writes the row; (-): in memory
 * only, the row follows with the next [w], as asking a participant again is harmless.
 *
 *   saga_start: body + row [w]                      claim: lease of a due row [w]
 *          |                                              |
 *          v                                              v
 *     +-> STARTED / PROCESSING, step i ------------> COMPENSATING, step i <--------------+
 *     |    |                        no, deadline (-)   |                                 |
 *     |    |                                           |                                 |
 *     |    | local:  row + act [w]                     | local:  row + undo of it and of |
 *     |    | remote: hold [w], ask,                    |         the local ones before   |
 *     |    |         done: (-), or row + note [w]      |         it [w]                  |
 *     |    |                                           | remote: hold [w], ask, done (-) |
 *     +----+ i + 1                                     +---------------------------- i - 1
 *          | after the last                            | after the first
 *          v                                           v
 *       SUCCEEDED [w, if it was (-)]                COMPENSATED [w, if it was (-)]
 *
 *   hold: writes only when the row does not say this step yet, or its lease is too short.
 *   pending: (-) stays in hand, asked again later or when woken; [w] only to keep the lease.
 *   anything else: attempts + 1 and the time to try again [w]; whoever claims it then goes on.
 *
 * A job holds the record as it is to be written next. Whoever writes a row raises its version, so a
 * job whose row was claimed by somebody else fails its next write with ST_STALE and is dropped. */
#ifndef TOOL_SAGA_SAGA_JOB_H
#define TOOL_SAGA_SAGA_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include "tool/saga/saga_aside.h"
#include "tool/saga/saga_engine.h"

enum { SAGA_TYPES_MAX = 32, SAGA_CLAIM_MAX = 16, SAGA_PARKED_MAX = 256, SAGA_HAND_BUCKETS = 256 };

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
    struct saga_record *claimed; /* SAGA_CLAIM_MAX; the poller's own */
    struct saga_aside aside;     /* likewise */
    atomic_size_t unreadable;    /* how many of them */
    atomic_uint_fast64_t mistakes;
    pthread_mutex_t lock;                        /* of what follows, and of how jobs hang in it */
    pthread_cond_t idle;                         /* n_in_hand has become 0 */
    struct saga_job *in_hand[SAGA_HAND_BUCKETS]; /* by id: queued, running or parked */
    unsigned n_in_hand;
    struct saga_job *parked;
    unsigned n_parked;
    struct work *first, **last; /* handed over and no pool to run it */
};

struct saga_job {
    struct work work;
    struct saga_engine *engine;
    const struct saga_entry *entry;
    struct saga_record record; /* version: of the row as we wrote or claimed it */
    size_t step;               /* index of record.view.step */
    bool row_is_current;       /* the row says what record does; false: memory is ahead of it */
    int64_t held_until_ms;     /* the lease, by our own clock */
    int64_t deadline_ms;       /* of the saga, by our own clock */
    uint32_t pendings;         /* answers "not yet" of the present step */
    struct uuid id;            /* the engine's, like what follows */
    struct saga_job *next_in_hand, **at_in_hand;
    struct saga_job *next_parked, **at_parked; /* at_parked NULL = it is not */
    int64_t resume_ms;
    bool woken; /* since the present step was asked */
    /* Of the request that started it. Once recovered: the saga's id, and "". */
    char request_id[CALL_REQUEST_ID_MAX + 1], traceparent[CALL_TRACEPARENT_MAX + 1];
    /* As the steps see it; as record.data says; as it was when a transaction began. Behind us. */
    void *data, *data_recorded, *data_before;
    _Alignas(max_align_t) char behind[];
};

/* Where a saga goes next. */
struct saga_target {
    enum saga_state state;
    size_t step;
};

/* Steps from, from-1 ... to. */
struct saga_range {
    size_t from, to;
};

/* Which function of a step. */
enum saga_deed { SAGA_ACT, SAGA_UNDO, SAGA_NOTE };

/* How one attempt at a step, or at undoing it, came out. */
struct saga_attempt {
    enum status st;
    struct problem problem;
    bool lost; /* the row is somebody else's, or we cannot tell: drop the job, its lease runs out */
    uint32_t number; /* 1 = the first */
    int64_t began_ms;
};

/* What becomes of the job. */
enum saga_next {
    SAGA_GO_ON,  /* at once */
    SAGA_LET_GO, /* it has ended, or its row says when it is due, or it is somebody else's */
    SAGA_PARKED, /* in hand, but not ours to touch any more */
};

/* saga_engine.c */

/** The entry of a type by name; NULL when it was never added. */
const struct saga_entry *saga_engine_entry(const struct saga_engine *engine, const char *type);

/* saga_hand.c */

/** Gives the job to the pool (or the next poll). False when there is no room: still the caller's.
 */
bool saga_hand_over(struct saga_job *job);
/** Keeps a job that was handed over, until resume_ms or until it is woken. SAGA_PARKED | SAGA_GO_ON
 * (it was woken meanwhile) | SAGA_LET_GO (there is no room, or nothing is parked any more) */
enum saga_next saga_hand_park(struct saga_job *job, int64_t resume_ms);
/** From now on a nudge is for the attempt that now begins. */
void saga_hand_asks(struct saga_job *job);
/** Runs again what is parked and due, or all of it. Returns how many. */
size_t saga_hand_resume(struct saga_engine *engine, bool all);
/** Wakes the saga when it is in hand. */
bool saga_hand_wake(struct saga_engine *engine, struct uuid id);
/** Lets go of what is parked under this id: its row was just claimed anew. */
void saga_hand_drop(struct saga_engine *engine, struct uuid id);
/** Runs what waits for a poll, without a pool. Returns how many. */
size_t saga_hand_run_waiting(struct saga_engine *engine);
/** Until nothing is in hand. */
void saga_hand_empty(struct saga_engine *engine);

/* saga_job.c */

/** With room for the type's data, which is zeroed, as is the record. Free with free(). */
struct saga_job *saga_job_create(struct saga_engine *engine, const struct saga_entry *entry);
const struct saga_step *saga_job_step(const struct saga_job *job);
/** Of one attempt. */
int64_t saga_step_timeout_ms(const struct saga_step *step);
/** The row as it will be at target; attempts start anew. */
void saga_record_at(struct saga_record *record, const struct saga_type *type,
                    struct saga_target target);
/** Moves on in memory, with what the step has changed in the data; the next write records it.
 * ST_OK | ST_INTERNAL (the data is too long: it has not moved) */
enum status saga_job_done(struct saga_job *job, struct saga_target target);
/** One transaction: the row moves to target, and each step of range does its deed inside it (NULL
 * ones are skipped). On ST_OK the job is at target. */
void saga_job_commit(struct saga_job *job, struct saga_target target, enum saga_deed deed,
                     struct saga_range range, struct saga_attempt *attempt);
/** Asks another service: the present step's act or undo, outside any transaction. */
void saga_job_ask(struct saga_job *job, enum saga_deed deed, struct saga_attempt *attempt);
/** Writes the present state by itself, due again in wake_ms. */
enum status saga_job_write(struct saga_job *job, int64_t wake_ms);
/** After the present step was done: on, or the end is written and told. */
enum saga_next saga_job_go_on(struct saga_job *job);
/** After an attempt that neither did the step nor was a no that counts: waits, or notes when to try
 * again. */
enum saga_next saga_job_failed(struct saga_job *job, const struct saga_attempt *attempt,
                               int64_t backoff_max_ms);
/** One log line for one attempt. */
void saga_job_log(const struct saga_job *job, const char *step, const struct saga_attempt *attempt);

/* saga_data.c */

size_t saga_data_size(const struct saga_type *type);
/** Reads record.data. False: it is not what the steps need. */
bool saga_data_read(struct saga_job *job);
/** Writes what the steps have changed, if anything, into record. ST_OK | ST_INTERNAL (it is too
 * long now; logged) */
enum status saga_data_write(const struct saga_job *job, struct saga_record *record);
/** record.data says what data does. */
void saga_data_recorded(struct saga_job *job);
/** Data as record.data says: what a step that failed has changed is forgotten. */
void saga_data_forget(struct saga_job *job);

/* saga_run.c */

/** Runs the saga until it has ended, waits or is lost; recovery and first run alike. SAGA_LET_GO |
 * SAGA_PARKED */
enum saga_next saga_run(struct saga_job *job);

/* saga_undo.c */

/** Turns the saga around: step last and all before it may have happened (-1: none has). */
enum saga_next saga_undo_begin(struct saga_job *job, int last, const char *reason);
/** Undoes the present step, and with a local one all local ones before it. */
enum saga_next saga_undo_step(struct saga_job *job);

#endif
