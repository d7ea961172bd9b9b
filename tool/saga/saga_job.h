/* saga_job.h - one saga in hand: what running it forward and undoing it share. Private to
 * tool/saga.
 *
 * A job holds the record as it is to be written next. Whoever writes a row raises its version, so a
 * job whose row was claimed by somebody else fails its next write with ST_STALE and is dropped. */
#ifndef TOOL_SAGA_SAGA_JOB_H
#define TOOL_SAGA_SAGA_JOB_H

#include "tool/saga/saga_engine_private.h"

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
    bool may_be_asked;         /* the present step, by whoever had the row or by us */
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

/* What becomes of the job. */
enum saga_next {
    SAGA_GO_ON,  /* at once */
    SAGA_LET_GO, /* it has ended, or its row says when it is due, or it is somebody else's */
    SAGA_PARKED, /* in hand, but not ours to touch any more */
};

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
/** Writes the present state by itself, due again in wake_ms. */
enum status saga_job_write(struct saga_job *job, int64_t wake_ms);
/** After the present step was done: on, or the end is written and told. */
enum saga_next saga_job_go_on(struct saga_job *job);

#endif
