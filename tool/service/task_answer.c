/* task_answer.c - the end of a request: the reply or the problem, a log line, the counts. */
#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/task.h"

enum { REPLY_GUESS = 8192, PROBLEM_JSON_MAX = 16384, RETRY_AFTER_S = 1 };

static struct metric *requests_of(const struct served *served, enum status st)
{
    struct metric *metric = atomic_load_explicit(&served->requests[st], memory_order_acquire);
    char labels[192] = "", http[8];

    if (metric || !served->metrics)
        return metric;
    snprintf(http, sizeof(http), "%d", status_http(st));
    metrics_label(labels, sizeof(labels), "subject", served->row->op->subject);
    metrics_label(labels, sizeof(labels), "status", http);
    metric = metrics_counter(served->metrics, "hanok_requests_total", "Requests answered.", labels);
    atomic_store_explicit(&served->requests[st], metric, memory_order_release);
    return metric;
}

/* Left out where no saga is spoken of, and where the request did not get as far as naming it. */
static struct log_field saga_field(const struct task *task, enum status st)
{
    const struct served *served = task->served;
    struct uuid id = {0};

    if (served->saga_in)
        memcpy(&id, (const char *)task->in + served->saga_in->offset, sizeof(id));
    else if (served->saga_out && st == ST_OK)
        memcpy(&id, (const char *)task->out + served->saga_out->offset, sizeof(id));
    return uuid_is_nil(id) ? LOG_TEXT("sagaId", NULL) : LOG_UUID("sagaId", id);
}

static void observe(const struct task *task, enum status st, const struct problem *problem)
{
    const struct served *served = task->served;
    int64_t us = task_elapsed_us(task);

    metric_add(requests_of(served, st), 1);
    metric_observe_us(served->seconds, us);
    LOG_LINE(status_http(st) >= 500 ? LOG_WARN : LOG_INFO, "request", LOG_CALL(&task->call),
             LOG_TEXT("subject", served->row->op->subject), LOG_INT("status", status_http(st)),
             LOG_TEXT("code", st == ST_OK ? NULL : problem->code),
             LOG_REAL("ms", (double)us / 1000), saga_field(task, st), LOG_END);
}

static void task_free(struct task *task)
{
    const struct operation *op = task->served->row->op;

    if (task->served->secret_request)
        explicit_bzero(task->in, op->request->size);
    if (task->out && task->served->secret_reply)
        explicit_bzero(task->out, op->reply->size);
    free(task->out);
    free(task);
}

static void send_reply(struct task *task, const struct json_out *o)
{
    const struct endpoint *row = task->served->row;
    struct message_out out = {.data = o->buf, .len = o->len};
    char etag[32];

    if (row->etag) {
        snprintf(etag, sizeof(etag), "\"%lld\"",
                 (long long)*(const int64_t *)((const char *)task->out + row->etag));
        message_add_header(&out, HEADER_ETAG, etag);
    }
    endpoint_answer(task->wire, &out, NULL, NULL);
}

/* False when the reply is larger than a message may be. */
static bool answer_reply(struct task *task)
{
    const struct served *served = task->served;
    char guess[REPLY_GUESS], *buf = guess, *heap = NULL;
    size_t size = sizeof(guess);
    struct json_out o;

    for (;;) {
        json_out_init(&o, buf, size);
        encode(served->row->op->reply, task->out, &o);
        if (!o.overflow || size > MESSAGE_PAYLOAD_MAX)
            break;
        if (served->secret_reply)
            explicit_bzero(buf, size);
        free(heap);
        size *= 4;
        buf = heap = mem_alloc(1, size);
    }
    if (!o.overflow)
        send_reply(task, &o);
    if (served->secret_reply)
        explicit_bzero(buf, size);
    free(heap);
    return !o.overflow;
}

/* Where a use case returned a status without a word, the status speaks for itself. */
static void complete(struct problem *problem, enum status st)
{
    if (problem->status != st) {
        *problem = (struct problem){0};
        problem_set(problem, st, NULL, "%s.", status_title(st));
    }
    if (problem->code[0] == '\0')
        snprintf(problem->code, sizeof(problem->code), "%s", status_code(st));
    if (problem->retry_after_s == 0 && (status_http(st) == 503 || status_http(st) == 429))
        problem->retry_after_s = RETRY_AFTER_S;
}

static void answer_problem(struct task *task, const struct problem *problem)
{
    const char *request_id = task->call.request_id[0] ? task->call.request_id : NULL;
    char buf[PROBLEM_JSON_MAX];
    struct json_out o;

    json_out_init(&o, buf, sizeof(buf));
    encode_problem(problem, NULL, request_id, &o);
    if (o.overflow) { /* names and reasons that are nothing but escapes */
        struct problem shorter = *problem;

        shorter.n_errors = 0;
        json_out_init(&o, buf, sizeof(buf));
        encode_problem(&shorter, NULL, request_id, &o);
    }
    endpoint_answer(task->wire, &(struct message_out){.data = o.buf, .len = o.len}, problem, NULL);
}

/* OpenAPI and callers know the codes that are among its errors, and no others. */
static void check_declared(const struct task *task, enum status st, const struct problem *problem)
{
    const struct served *served = task->served;

    if (operation_declares(served->row->op, st, problem->code))
        return;
    metric_add(served->undeclared, 1);
    log_error("a refusal is not among its operation's errors", LOG_CALL(&task->call),
              LOG_TEXT("subject", served->row->op->subject), LOG_INT("status", status_http(st)),
              LOG_TEXT("code", problem->code));
}

void task_answer(struct task *task, enum status st, struct problem *problem)
{
    if (st == ST_OK && !answer_reply(task)) {
        st = ST_INTERNAL;
        problem_set(problem, st, "reply_too_large", "The answer is too large to be sent.");
    }
    if (st != ST_OK) {
        complete(problem, st);
        check_declared(task, st, problem);
        answer_problem(task, problem);
    }
    observe(task, st, problem);
    task_free(task);
}
