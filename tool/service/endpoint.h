/* endpoint.h - a request subject as a row: its operation, its use case, and how that is run. */
#ifndef TOOL_SERVICE_ENDPOINT_H
#define TOOL_SERVICE_ENDPOINT_H

#include "tool/core/question.h"
#include "tool/core/transaction.h"
#include "tool/encoder/operation.h"
#include "tool/once/outcome_form.h"
#include "tool/saga/saga.h"

/** The shape of a use case: self, who and until when, decoded request, zeroed reply. ST_PENDING:
 * accepted and not decided yet, 202 with the reply as it is; a saga that asked asks again. */
typedef enum status (*usecase_fn)(void *self, const struct call *call, const void *in, void *out);

/** The same inside a transaction that the skeleton opened: it is committed with ST_OK, else rolled
 * back. May be run again from the start: has no effect outside of tx. out is zeroed each time;
 * NULL when the row's run fills it. */
typedef enum status (*change_fn)(void *self, struct transaction *tx, const struct call *call,
                                 const void *in, void *out);

/** What is left to be done about a change once it is committed, outside of any transaction: a
 * stranger is asked, say. Each time before it is answered: again says that this is not the time at
 * which it was committed, as far as is known. out: the reply as change left it, or as it was kept;
 * what becomes of it here is answered, and not kept. Blocks until call's deadline at most.
 * ST_OK | ST_PENDING | an error of the operation, which is not kept either */
typedef enum status (*after_fn)(void *self, const struct call *call, const void *in, void *out,
                                bool again);

/** What the end of a saga makes of the reply to who started it. end: its state is SAGA_SUCCEEDED or
 * SAGA_COMPENSATED; NULL when it ended so long ago that its row is gone. out: the reply as run left
 * it. Looks nothing up and does not block, as it may run in the loop thread; with .wait_looks it
 * may, within call's deadline.
 * ST_OK (out is the answer) | how it ended: an error of the operation */
typedef enum status (*ended_fn)(void *self, const struct call *call, const struct saga_view *end,
                                void *out);

/* Answers n (1..QUESTIONS_MAX) requests that were waiting together by then; one that comes alone
 * waits for nobody. Sets each one's st. */
typedef void (*together_fn)(void *self, struct question *asked, size_t n);

/* What has its effect once, however often it comes: its outcome, ST_OK with the reply or a refusal,
 * is kept by the commit that makes the effect, and answered again. What could not be done (5xx) is
 * no outcome: the next try goes on. */
enum once {
    ONCE_NEVER,
    ONCE_BY_SAGA,         /* by the request's sagaId */
    ONCE_BY_KEY,          /* by caller and Idempotency-Key; without one it is not once */
    ONCE_BY_REQUIRED_KEY, /* without one it is refused */
};

/* One request subject. Decoding, validation, encoding, error replies, deadline, metrics, log line
 * and statistics are the skeleton's. */
struct endpoint {
    const struct operation *op;
    size_t self; /* offsetof the use-case object in the service's struct */
    /* One of run, change and together. run and change: run fills the reply from the request alone;
     * with ONCE_BY_SAGA before the effect, so that it is kept by the write that enters the message;
     * with .undoes whatever was undone. */
    usecase_fn run;
    change_fn change;
    together_fn together;
    after_fn after;           /* of change, when that went well; NULL = that is all */
    size_t in_size, out_size; /* of what it takes them for: compared with the operation's */
    enum once once;           /* of change */
    /* change undoes what the request of this operation with the same sagaId did: once, and only if
     * it did. If it had not come yet it is refused when it comes, 409 cancelled. */
    const struct operation *undoes;
    const struct outcome_form *older; /* NULL = every release keeps outcomes alike */
    usecase_fn check; /* more validation; called also when fields were wrong already; NULL = none */
    /* With Prefer: wait, the answer to a run that returned ST_OK or ST_PENDING waits for the end of
     * the saga that it started, and is the reply as it was when the time is over. NULL = does not
     * wait. */
    ended_fn wait;
    size_t wait_key;       /* offsetof, in the reply, the struct uuid of that saga */
    const char *wait_pool; /* asks the database for ends that another process saw; NULL = pool */
    bool wait_looks;       /* wait looks things up: always in a thread of wait_pool */
    size_t etag;           /* offsetof, in the reply, the int64_t version sent as ETag; 0 = none */
    size_t lag; /* offsetof, in the reply of a view, the int64_t microseconds by which it may be
                   behind, sent in milliseconds as X-View-Lag; 0 = none */
    const char *pool; /* which of the service's pools runs it; NULL, of the skeleton's own rows: the
                         loop thread, it does not block */
    bool routine;     /* asked all the time: what went well is logged as debug */
    bool lane;     /* requests of one caller run one at a time, in their order: who sends many keeps
                      no thread from others, nor waits in all of them for the same rows */
    bool everyone; /* every instance answers, not one of them */
    int timeout_ms; /* when the caller names none */
};

/* What an operation without a request or a reply has. */
struct nothing {
    char none;
};

/* clang-format off */
/* The operation, the use case, and the structs it takes in and out for:
 *  {ENDPOINT(USER_GET, profile_read, struct profile_query, struct profile), .pool = ...} */
#define ENDPOINT(op_, run_, in_, out_)                                                             \
    .op = &(op_), .run = (run_), .in_size = sizeof(in_), .out_size = sizeof(out_)
/* The same with a .together. */
#define ENDPOINT_TOGETHER(op_, together_, in_, out_)                                               \
    .op = &(op_), .together = (together_), .in_size = sizeof(in_), .out_size = sizeof(out_)
/* The same with a .change. */
#define ENDPOINT_CHANGE(op_, change_, in_, out_)                                                   \
    .op = &(op_), .change = (change_), .in_size = sizeof(in_), .out_size = sizeof(out_)
/* clang-format on */

#endif
