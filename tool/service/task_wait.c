/* task_wait.c - a request whose answer waits for the end of a saga. */
#include <string.h>

#include "tool/core/mem.h"
#include "tool/service/task.h"

enum { BEFORE_DEADLINE_MS = 100 }; /* left for the answer's way back */

static struct task *task_of(struct waiter *waiter)
{
    return container_of(waiter, struct task, waiter);
}

static void answer_end(struct task *task, const struct saga_view *end)
{
    const struct endpoint_run *served = task->served;
    struct problem problem = {0};
    struct call call = task->call;
    enum status st;

    call.problem = &problem;
    st = served->row->wait(served->self, &call, end, task->out);
    task_answer(task, st, &problem);
}

static void answer_by_looking(struct work *work)
{
    struct task *task = container_of(work, struct task, work);

    answer_end(task, &task->end);
}

/* The saga ended in this process: its outcome is in hand. */
static void told(struct waiter *waiter, const void *view)
{
    struct task *task = task_of(waiter);
    struct problem none = {0};

    if (!task->served->row->wait_looks) {
        answer_end(task, view);
        return;
    }
    task->end = *(const struct saga_view *)view;
    task->work.fn = answer_by_looking;
    if (!work_pool_submit(task->served->wait_pool, &task->work))
        task_answer(task, task->started, &none); /* no thread for it: as if the time were over */
}

/* Worker. Asking may fail in itself, which says nothing about how the saga ended. */
static void look(struct work *work)
{
    struct task *task = container_of(work, struct task, work);
    struct call call = task->call;
    struct saga_view view;
    enum status st;

    if (call.deadline_ms > task->waiter.until_ms)
        call.deadline_ms = task->waiter.until_ms;
    st = saga_find(task->served->sagas, &call, task->waiter.key, &view);
    if (st != ST_NOT_FOUND &&
        (st != ST_OK || (view.state != SAGA_SUCCEEDED && view.state != SAGA_COMPENSATED))) {
        wait_room_again(&task->waiter);
        return;
    }
    wait_room_left(&task->waiter);
    answer_end(task, st == ST_OK ? &view : NULL);
}

static bool ask(struct waiter *waiter)
{
    struct task *task = task_of(waiter);

    task->work.fn = look;
    return work_pool_submit(task->served->wait_pool, &task->work);
}

static void over(struct waiter *waiter)
{
    struct task *task = task_of(waiter);
    struct problem none = {0};

    task_answer(task, task->started, &none);
}

void task_wait(struct task *task, struct wait_ticket *ticket, enum status st)
{
    int64_t wait_ms = task->call.wait_ms < TASK_WAIT_MAX_MS ? task->call.wait_ms : TASK_WAIT_MAX_MS;
    int64_t until_ms = responder_request_since_ms(task->wire) + wait_ms;
    int64_t last_ms = task->call.deadline_ms - BEFORE_DEADLINE_MS;

    task->started = st;
    task->waiter = (struct waiter){
        .until_ms = until_ms < last_ms ? until_ms : last_ms,
        .told = told,
        .ask = ask,
        .over = over,
    };
    memcpy(&task->waiter.key, (const char *)task->out + task->served->row->wait_key,
           sizeof(task->waiter.key));
    wait_room_enter(ticket, &task->waiter);
}
