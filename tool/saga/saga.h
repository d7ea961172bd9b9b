/* saga.h - what crosses services: a saga type is a table of steps, its state is a row, and it ends
 * one way or the other whatever is killed in between (Garcia-Molina & Salem 1987; compensatable,
 * pivot and retriable steps after Richardson). Knows no domain, no driver. */
#ifndef TOOL_SAGA_SAGA_H
#define TOOL_SAGA_SAGA_H

#include "tool/core/call.h"
#include "tool/core/transaction.h"
#include "tool/core/uuid.h"
#include "tool/encoder/operation.h"

enum { SAGA_NAME_MAX = 47, SAGA_REASON_MAX = 47, SAGA_DATA_MAX = 4095, SAGA_STEPS_MAX = 16 };

/* name: exactly the text in the table and on the wire */
#define SAGA_STATE_LIST(X)                                                                         \
    X(SAGA_STARTED, "STARTED")                                                                     \
    X(SAGA_PROCESSING, "PROCESSING")                                                               \
    X(SAGA_COMPENSATING, "COMPENSATING")                                                           \
    X(SAGA_SUCCEEDED, "SUCCEEDED")                                                                 \
    X(SAGA_COMPENSATED, "COMPENSATED")

enum saga_state {
#define X(name, text) name,
    SAGA_STATE_LIST(X)
#undef X
        SAGA_STATES
};

/** Texts of enum saga_state, NULL-terminated: for FIELD_ENUM and the stores. */
extern const char *const SAGA_STATE_NAMES[];

enum saga_kind {
    SAGA_COMPENSATABLE, /* can be undone; before the pivot */
    SAGA_PIVOT,         /* the point of no return: once done, the saga only goes forward */
    SAGA_RETRIABLE,     /* after the pivot: asked again until it is done */
};

enum saga_place {
    SAGA_LOCAL,  /* own database: runs inside the transaction that records it, context->tx is set */
    SAGA_REMOTE, /* another service: runs outside any transaction, must be idempotent by saga id */
};

/* What a step sees. Borrowed; valid during the call. */
struct saga_context {
    void *self;              /* the object given to saga_engine_add */
    struct uuid id;          /* of the saga: the key by which participants are idempotent */
    struct uuid about;       /* the id of what it is about, as given to saga_start */
    const struct call *call; /* its deadline is the step's timeout; problem->code, the reason */
    struct transaction *tx;  /* SAGA_LOCAL and notes: join it; SAGA_REMOTE: NULL */
    void *data; /* as the type's descriptor says. What a step that is done has changed is written in
                   the commit that records it; what one that failed has changed is forgotten */
    const char *reason; /* undo: why */
    bool first; /* SAGA_REMOTE: nobody can have asked for this step before, here or elsewhere */
};

/** ST_OK done | a no (status_is_no: a participant has decided that it will not; the saga
 * compensates with problem->code as the reason) | ST_PENDING (not decided yet: asked again, which
 * is no failure; saga_wake makes that at once) | anything else: not known to be done, will be asked
 * again; a 4xx that is no "no" is a mistake of ours: logged as one, and counted. */
typedef enum status (*saga_step_fn)(const struct saga_context *context);

struct saga_step {
    const char *name; /* as in the saga table's column step */
    enum saga_kind kind;
    enum saga_place place;
    saga_step_fn act;  /* NULL: done in the transaction that starts the saga; only as first step */
    saga_step_fn undo; /* NULL = nothing to undo. Retried with back-off for ever */
    int timeout_ms;    /* of one attempt of a remote act or undo; 0 = 2000 */
    /* What a remote act and undo ask: operations that may be asked again. A local step has none. */
    const struct operation *op, *undo_op;
    /* Of a remote step: writes of our own in the very commit that records it; tx is set, data is as
     * the answer left it. May run again, as the step may. NULL = the step is recorded later,
     * together with what comes next. ST_OK | anything else: the step is asked again. */
    saga_step_fn note;
    /* Of a remote step: when it is refused it is undone too. For what may be refused now and not a
     * moment later: an earlier question without an answer, or a copy, may come after the refusal.
     */
    bool no_is_undone;
};

struct saga_type {
    const char *name; /* "signup" */
    const struct saga_step *steps;
    size_t n_steps;
    /** From the start. Not past the pivot by then: it compensates, reason "deadline_exceeded";
     * only a pivot elsewhere that cannot be undone and may have happened is waited for. */
    int64_t deadline_ms;
    /** What the steps need; kept as JSON in the row, gone when the saga ends. NULL = nothing. */
    const struct descriptor *data;
};

/* What people may see of a saga. */
struct saga_view {
    struct uuid id;
    struct uuid about; /* the id of what it is about (a user, an order); stays after its end */
    enum saga_state state;
    char step[SAGA_NAME_MAX + 1];
    char reason[SAGA_REASON_MAX + 1]; /* "" = none */
    bool
        unreadable; /* by this release: it waits for one that knows it; then state may be guessed */
    int64_t started_us, updated_us;
};

struct saga_engine;

/** Adds a type before the first poll; self reaches every step. ASSERTs the table's shape: unique
 * names, compensatable steps, at most one pivot, then retriable ones; act only NULL in front; what
 * a remote step asks may be asked again. */
void saga_engine_add(struct saga_engine *engine, const struct saga_type *type, void *self);

/** One transaction: body (the business rows; may be NULL), then the saga row. After the commit the
 * saga is run in this process at once. about: the id of what it is about, never personal data.
 * data: a struct of type->data.
 * ST_OK | what body returned | ST_UNAVAILABLE | ST_UNCERTAIN. Any thread; blocks for the commit. */
enum status saga_start(struct saga_engine *engine, const struct call *call,
                       const struct saga_type *type, struct uuid id, struct uuid about,
                       const void *data, transaction_fn body, void *arg);

/** A nudge: what a step that is pending waits for may have happened. Asked again at once when it
 * waits here; when another process has it, in a moment, by whoever takes it up. Says nothing by
 * itself, so it may be lost, late, doubled or wrong. Any thread but the loop's: it may write.
 * ST_OK (also when there is nothing to wake) | ST_UNAVAILABLE */
enum status saga_wake(struct saga_engine *engine, struct uuid id);

/** ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE. Any thread. */
enum status saga_find(struct saga_engine *engine, const struct call *call, struct uuid id,
                      struct saga_view *out);

#endif
