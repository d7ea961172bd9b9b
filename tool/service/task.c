/* task.c - receiving and serving a request. */
#include "tool/service/task.h"

#include <string.h>
#include <time.h>

#include "tool/core/mem.h"
#include "tool/service/access.h"

static const struct descriptor NOTHING = {.name = "Nothing"};

/* Microseconds of CLOCK_MONOTONIC: the histogram is finer than struct clock. */
static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static size_t aligned(size_t size)
{
    return (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
}

static struct task *task_create(const struct endpoint_run *served, struct responder_request *wire)
{
    const struct descriptor *request = served->row->op->request;
    size_t head = aligned(sizeof(struct task));
    struct task *task = mem_alloc(1, head + (request ? request->size : 0));

    task->served = served;
    task->wire = wire;
    task->since_us = now_us();
    task->call.clock = served->clock;
    task->in = (char *)task + head;
    return task;
}

int64_t task_elapsed_us(const struct task *task)
{
    return now_us() - task->since_us;
}

/* The caller's time runs since the loop received the request, not since a worker looked at it. */
static void read_call(struct task *task)
{
    const struct message *message = responder_request_message(task->wire);
    const struct endpoint_run *served = task->served;
    int64_t queued_ms = clock_now_ms(served->clock) - responder_request_since_ms(task->wire);

    message_read_call(message, served->clock, served->row->timeout_ms, &task->call);
    task->call.deadline_ms -= queued_ms;
    if (served->row->wait && !message_header(message, HEADER_TIMEOUT))
        task->call.deadline_ms += task->call.wait_ms;
}

static enum status decode_request(struct task *task, const struct call *call)
{
    const struct endpoint_run *served = task->served;
    const struct endpoint *row = served->row;
    const struct descriptor *d = row->op->request ? row->op->request : &NOTHING;
    size_t len;
    const char *data = message_data(responder_request_message(task->wire), &len);
    enum status st, checked;

    st = (row->op->internal ? decode_lenient : decode)(d, data, len, task->in, call->problem);
    if (st != ST_OK && call->problem->n_errors == 0) /* there were no fields */
        return st;
    checked = access_after(&row->op->access, call, task->in);
    if (checked != ST_OK)
        return checked;
    /* All faults at once: also when some fields are wrong already. */
    if (!row->check)
        return st;
    checked = row->check(served->self, call, task->in, task->out);
    return st != ST_OK ? st : checked;
}

/* Up to where the use case begins. */
static enum status prepare(struct task *task, const struct call *call)
{
    const struct operation *op = task->served->row->op;
    enum status st;

    if (call_expired(call)) {
        metric_add(task->served->expired, 1);
        return call_fail(call, ST_TIMEOUT, NULL,
                         "The caller's time was over before the work began.");
    }
    if (op->reply)
        task->out = mem_alloc(1, op->reply->size);
    st = access_before(&op->access, call);
    return st == ST_OK ? decode_request(task, call) : st;
}

static enum status serve(struct task *task, struct problem *problem)
{
    const struct endpoint_run *served = task->served;
    struct call call = task->call;
    enum status st;

    call.problem = problem;
    st = prepare(task, &call);
    if (st != ST_OK)
        return st;
    if (served->row->change)
        return write_run(&served->write, &call, task->in, task->out);
    return served->row->run(served->self, &call, task->in, task->out);
}

static void run(struct work *work)
{
    struct task *task = container_of(work, struct task, work);
    struct problem problem;
    struct wait_ticket ticket = {NULL};
    enum status st;

    problem_clear(&problem);
    read_call(task);
    if (task->served->row->wait && task->call.wait_ms > 0)
        ticket = wait_room_expect(task->served->room);
    st = serve(task, &problem);
    if (ticket.room && (st == ST_OK || st == ST_PENDING)) {
        task_wait(task, &ticket, st);
        return;
    }
    wait_room_return(&ticket);
    task_answer(task, st, &problem);
}

/* All that were waiting, asked together; what cannot be asked is answered before. */
static void run_together(struct work *work)
{
    const struct endpoint_run *served = container_of(work, struct task, work)->served;
    struct question asked[QUESTIONS_MAX];
    struct problem problems[QUESTIONS_MAX];
    struct call calls[QUESTIONS_MAX];
    struct task *tasks[QUESTIONS_MAX];
    struct loop_tasks answers = {0};
    size_t n = 0;

    for (struct work *next; work; work = next) {
        struct task *task = container_of(work, struct task, work);
        enum status st;
        next = work->next;
        task->together = &answers;
        read_call(task);
        problem_clear(&problems[n]);
        calls[n] = task->call;
        calls[n].problem = &problems[n];
        st = prepare(task, &calls[n]);
        if (st != ST_OK) {
            task_answer(task, st, &problems[n]);
            continue;
        }
        asked[n] = (struct question){&calls[n], task->in, task->out, ST_INTERNAL};
        tasks[n++] = task;
    }
    if (n > 0)
        served->row->together(served->self, asked, n);
    for (size_t i = 0; i < n; i++)
        task_answer(tasks[i], asked[i].st, &problems[i]);
    loop_post_all(served->loop, &answers);
}

/* ---- the queue ---- */

/* FNV-1a; never 0. */
static uint32_t lane_of(const char *caller)
{
    uint32_t hash = 2166136261U;

    for (; *caller; caller++)
        hash = (hash ^ (unsigned char)*caller) * 16777619U;
    return hash ? hash : 1;
}

/* By when its turn comes its caller has given up: to refuse it now keeps the time for those whose
 * answers are still waited for. */
static bool is_too_late(struct task *task)
{
    int64_t wait_ms = work_pool_wait_ms(task->served->pool);

    if (wait_ms == 0)
        return false;
    read_call(task);
    if (wait_ms < call_left_ms(&task->call))
        return false;
    metric_add(task->served->shed, 1);
    return true;
}

static void refuse(struct task *task)
{
    struct problem problem;

    message_read_call(responder_request_message(task->wire), task->served->clock, 0, &task->call);
    problem_clear(&problem);
    problem_set(&problem, ST_OVERLOADED, NULL, "Too many requests are waiting already.");
    task_answer(task, ST_OVERLOADED, &problem);
}

void task_receive(struct endpoint_run *served, struct responder_request *wire)
{
    struct task *task = task_create(served, wire);
    const char *caller = NULL;

    task->work.fn = run;
    if (served->row->together)
        task->work = (struct work){.fn = run_together, .kind = &served->kind};
    if (!served->pool) {
        run(&task->work);
        return;
    }
    if (served->row->lane)
        caller = message_header(responder_request_message(wire), HEADER_AUTH_SUBJECT);
    if (caller)
        task->work.lane = lane_of(caller);
    if (is_too_late(task) || !work_pool_submit(served->pool, &task->work))
        refuse(task);
}
