/* task.h - one request on its way through the skeleton: received by the loop, served by a worker,
 * perhaps waiting for the end of what it started, answered once. */
#ifndef TOOL_SERVICE_TASK_H
#define TOOL_SERVICE_TASK_H

#include <stdatomic.h>

#include "tool/core/loop.h"
#include "tool/core/uuid.h"
#include "tool/core/work_pool.h"
#include "tool/message/endpoint.h"
#include "tool/metrics/metrics.h"
#include "tool/service/write.h"

struct wait_room;

/* An endpoint row at work. Read-only once the service runs, but for the metrics. */
struct served {
    const struct endpoint *row;
    void *self;         /* the use case's object */
    struct write write; /* of a row with a .change */
    struct work_pool *pool;
    struct wait_room *room;
    const struct clock *clock;
    struct metric *seconds, *expired, *undeclared;
    struct metrics_by_status *requests; /* owned */
    bool secret_request, secret_reply;  /* wiped before their memory is given back */
    const struct field *saga_in,
        *saga_out;                       /* the request's and the reply's "sagaId"; NULL = none */
    char *request_schema, *reply_schema; /* owned */
};

struct task {
    struct work work;
    const struct served *served;
    struct endpoint_request *wire;
    int64_t since_us;
    struct call call; /* problem is NULL but while a use case runs */
    void *in;         /* the row's request struct, behind this one */
    void *out;        /* its reply struct, once a worker serves it; owned */
    struct {          /* the wait room's */
        struct uuid key;
        int64_t until_ms;
        struct task *next, **prev;
        struct loop_timer timer;
        struct loop_task post;
    } wait;
};

int64_t task_elapsed_us(const struct task *task);
/** Loop thread: takes wire, which is answered sooner or later. */
void task_receive(struct served *served, struct endpoint_request *wire);
/** Any thread: answers with the reply as it is (st is ST_OK) or with problem, completed where it
 * says nothing; logs, counts, frees task. */
void task_answer(struct task *task, enum status st, struct problem *problem);
/** Worker: asks the row's wait function. ST_OK or an error: how it ended. ST_PENDING: not ended, or
 * not to be known now. */
enum status task_ask(struct task *task, struct problem *problem);

#endif
