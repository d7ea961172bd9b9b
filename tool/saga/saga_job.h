/* saga_job.h - one saga in hand: what running it forward and undoing it share. Private to
 * tool/saga.
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

enum { SAGA_TYPES_MAX = 32, SAGA_CLAIM_MAX = 16 };

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
    pthread_mutex_t lock;        /* of what follows */
    pthread_cond_t idle;         /* in_hand has become 0 */
    unsigned in_hand;
    struct work *first, **last; /* handed over and no pool to run it */
};

struct saga_job {
    struct work work;
    struct saga_engine *engine;
    const struct saga_entry *entry;
    struct saga_record record; /* version: of the row as we wrote or claimed it */
    size_t step;               /* index of record.view.step */
    bool recorded;             /* the row says so too */
    int64_t held_until_ms;     /* the lease, by our own clock */
    int64_t deadline_ms;       /* of the saga, by our own clock */
    /* Of the request that started it. Once recovered: the saga's id, and "". */
    char request_id[CALL_REQUEST_ID_MAX + 1], traceparent[CALL_TRACEPARENT_MAX + 1];
    _Alignas(max_align_t) char data[];
};

/* How one attempt at a step, or at undoing it, came out. */
struct saga_attempt {
    enum status st;
    struct problem problem;
    bool lost; /* the row is somebody else's, or we cannot tell: drop the job, its lease runs out */
    uint32_t number; /* 1 = the first */
    int64_t began_ms;
};

/* saga_engine.c */

/** The entry of a type by name; NULL when it was never added. */
const struct saga_entry *saga_engine_entry(const struct saga_engine *engine, const char *type);
/** Gives the job to the pool (or the next poll). False when there is no room: still the caller's.
 */
bool saga_engine_hand_over(struct saga_job *job);

/* saga_job.c */

/** With room for the type's data, which is zeroed, as is the record. Free with free(). */
struct saga_job *saga_job_create(struct saga_engine *engine, const struct saga_entry *entry);
const struct saga_step *saga_job_step(const struct saga_job *job);
/** Of one attempt. */
int64_t saga_step_timeout_ms(const struct saga_step *step);
/** The row as it will be with the saga at step i of state; attempts start anew. */
void saga_record_at(struct saga_record *record, const struct saga_type *type, size_t i,
                    enum saga_state state);
/** Sees to it that the row says what is about to happen and the lease outlasts it.
 * False: the job is lost. */
bool saga_job_hold(struct saga_job *job, int64_t timeout_ms);
/** One transaction: the row becomes next, and each step from, from-1 ... to (act or undo of local
 * steps; NULL ones are skipped) runs inside it. On ST_OK the job is at next. */
void saga_job_commit(struct saga_job *job, const struct saga_record *next, size_t from, size_t to,
                     bool undo, struct saga_attempt *attempt);
/** Asks another service: the present step's act or undo, outside any transaction. */
void saga_job_ask(struct saga_job *job, bool undo, struct saga_attempt *attempt);
/** Writes the present state by itself, due again in wake_ms. */
enum status saga_job_write(struct saga_job *job, int64_t wake_ms);
/** Notes a failed attempt and when to try again: a row, not a sleep. */
void saga_job_back_off(struct saga_job *job, int64_t max_ms);
/** One log line for one attempt. */
void saga_job_log(const struct saga_job *job, const char *step, const struct saga_attempt *attempt);
/** The row is in its final state: tells whoever wants to know. */
void saga_job_ended(const struct saga_job *job);

/* saga_run.c */

/** Runs the saga until it has ended, waits or is lost; recovery and first run alike. */
void saga_run(struct saga_job *job);

/* saga_undo.c; true: go on at once */

/** Turns the saga around: step last and all before it may have happened (-1: none has). */
bool saga_undo_begin(struct saga_job *job, int last, const char *reason);
/** Undoes the present step, and with a local one all local ones before it. */
bool saga_undo_step(struct saga_job *job);

#endif
