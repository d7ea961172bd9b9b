/* task.h - one request on its way through the skeleton: received by the loop, served by a worker,
 * perhaps waiting for the end of what it started, answered once. */
#ifndef TOOL_SERVICE_TASK_H
#define TOOL_SERVICE_TASK_H

#include <stdatomic.h>

#include "tool/core/loop_task.h"
#include "tool/core/uuid.h"
#include "tool/core/work_pool.h"
#include "tool/message/responder.h"
#include "tool/metrics/metrics.h"
#include "tool/service/wait_room.h"
#include "tool/service/write.h"

/* An endpoint row at work. Read-only once the service runs, but for the metrics. */
struct endpoint_run {
    const struct endpoint *row;
    void *self;                         /* the use case's object */
    struct write write;                 /* of a row with a .change */
    struct work_pool *pool, *wait_pool; /* pool NULL: the loop thread */
    struct work_kind kind;              /* of a row with a .together */
    struct loop *loop;
    struct wait_room *room; /* is told struct saga_view */
    struct saga_engine *sagas;
    const struct clock *clock;
    struct metric *seconds, *expired, *shed, *undeclared;
    struct metrics_by_status *requests; /* owned */
    struct metric **refusals;           /* of refusal_counts.h, owned */
    bool secret_request, secret_reply;  /* wiped before their memory is given back */
    const struct field *saga_in,
        *saga_out;                       /* the request's and the reply's "sagaId"; NULL = none */
    char *request_schema, *reply_schema; /* owned */
};

struct task {
    struct work work;
    const struct endpoint_run *served;
    struct responder_request *wire;
    int64_t since_us;
    struct call call;            /* problem is NULL but while a use case runs */
    void *in;                    /* the row's request struct, behind this one */
    void *out;                   /* its reply struct, once a worker serves it; owned */
    struct loop_tasks *together; /* takes the answer; NULL = it goes by itself */
    struct waiter waiter;
    enum status started;  /* while it waits: what run returned */
    struct saga_view end; /* of a row with .wait_looks: how it ended, on the way to a thread */
};

enum { TASK_WAIT_MAX_MS = 10000 };

int64_t task_elapsed_us(const struct task *task);
/** Loop thread: takes wire, which is answered sooner or later. */
void task_receive(struct endpoint_run *served, struct responder_request *wire);
/** Any thread: answers with the reply as it is (ST_OK, ST_PENDING) or with problem, completed where
 * it says nothing; logs, counts, frees task. */
void task_answer(struct task *task, enum status st, struct problem *problem);
/** Worker, after run returned st: answers when the saga has ended that it started, or with the
 * reply as it is when the time is over. */
void task_wait(struct task *task, struct wait_ticket *ticket, enum status st);

#endif
