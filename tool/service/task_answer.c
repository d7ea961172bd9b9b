/* task_answer.c - the end of a request: the reply or the problem, a log line, the counts. */
#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/encoder/encode_text.h"
#include "tool/encoder/field_walk.h"
#include "tool/metrics/by_status.h"
#include "tool/service/refusal_counts.h"
#include "tool/service/task.h"

enum { FIELDS_MAX = 200, REPLY_GUESS = 8192, PROBLEM_JSON_MAX = 16384, RETRY_AFTER_S = 1 };

/* Left out where no saga is spoken of, and where the request did not get as far as naming it. */
static struct log_field saga_field(const struct task *task, enum status st)
{
    const struct endpoint_run *served = task->served;
    struct uuid id = {0};

    if (served->saga_in)
        memcpy(&id, (const char *)task->in + served->saga_in->offset, sizeof(id));
    else if (served->saga_out && (st == ST_OK || st == ST_PENDING))
        memcpy(&id, (const char *)task->out + served->saga_out->offset, sizeof(id));
    return uuid_is_nil(id) ? LOG_TEXT("sagaId", NULL) : LOG_UUID("sagaId", id);
}

/* The names that were wrong, of those the request has: any other is the client's own words, which
 * may be anything, also a password. NULL when there are none. */
static const char *wrong_fields(const struct operation *op, const struct problem *problem,
                                char text[FIELDS_MAX + 1])
{
    size_t len = 0;

    for (unsigned i = 0; op->request && i < problem->n_errors; i++) {
        const char *name = problem->errors[i].field;
        size_t n = strcspn(name, ".[");
        struct field_walk w;

        if (!field_walk_find(&w, op->request, name, n) || len + n + 1 > FIELDS_MAX)
            continue;
        if (len > 0)
            text[len++] = ' ';
        memcpy(text + len, name, n);
        len += n;
    }
    text[len] = '\0';
    return len > 0 ? text : NULL;
}

static enum log_level level_of(const struct task *task, enum status st)
{
    if (status_http(st) >= 500)
        return LOG_WARN;
    return st == ST_OK && task->served->row->routine ? LOG_DEBUG : LOG_INFO;
}

static void observe(const struct task *task, enum status st, const struct problem *problem)
{
    const struct endpoint_run *served = task->served;
    int64_t us = task_elapsed_us(task);
    char fields[FIELDS_MAX + 1];

    metrics_by_status_add(served->requests, status_http(st));
    metric_observe_us(served->seconds, us);
    LOG_LINE(level_of(task, st), "request", LOG_CALL(&task->call),
             LOG_TEXT("subject", served->row->op->subject), LOG_INT("status", status_http(st)),
             LOG_TEXT("code", problem->code[0] && st != ST_OK ? problem->code : NULL),
             LOG_TEXT("fields", wrong_fields(served->row->op, problem, fields)), LOG_MS("ms", us),
             saga_field(task, st), LOG_END);
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

/* "Not yet" is no error, so it has no Nats-Service-Error: but whoever asks sees the number. */
static void send_reply(struct task *task, enum status st, const struct json_text *text)
{
    const struct endpoint *row = task->served->row;
    struct message_out out = {.data = text->text, .len = text->len};
    char etag[32], lag[32];

    if (st == ST_PENDING)
        message_add_header(&out, HEADER_ERROR_CODE, "202");
    if (row->etag) {
        snprintf(etag, sizeof(etag), "\"%lld\"",
                 (long long)*(const int64_t *)((const char *)task->out + row->etag));
        message_add_header(&out, HEADER_ETAG, etag);
    }
    if (row->lag) {
        snprintf(lag, sizeof(lag), "%lld",
                 (long long)*(const int64_t *)((const char *)task->out + row->lag) / 1000);
        message_add_header(&out, HEADER_VIEW_LAG, lag);
    }
    responder_answer(task->wire, &out, NULL, task->together);
}

/* False when the reply is larger than a message may be. */
static bool try_reply(struct task *task, enum status st)
{
    char guess[REPLY_GUESS];
    struct json_text text;
    bool fits = encode_text(&text, guess, sizeof(guess), MESSAGE_PAYLOAD_MAX,
                            task->served->row->op->reply, task->out);

    if (fits)
        send_reply(task, st, &text);
    json_text_fini(&text);
    return fits;
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

static void send_problem(struct task *task, const struct problem *problem)
{
    const char *request_id = task->call.request_id[0] ? task->call.request_id : NULL;
    char buf[PROBLEM_JSON_MAX];
    size_t len = encode_problem_fitting(problem, NULL, request_id, buf, sizeof(buf));

    responder_answer(task->wire, &(struct message_out){.data = buf, .len = len}, problem,
                     task->together);
}

/* OpenAPI and callers know the codes that are among its errors, and no others; that it may be
 * undecided they know as well. */
static void check_declared(const struct task *task, enum status st, const struct problem *problem)
{
    const struct endpoint_run *served = task->served;

    if (operation_declares(served->row->op, st, problem->code))
        return;
    metric_add(served->undeclared, 1);
    log_error(st == ST_PENDING ? "undecided, and its operation is not one that is .pending"
                               : "a refusal is not among its operation's errors",
              LOG_CALL(&task->call), LOG_TEXT("subject", served->row->op->subject),
              LOG_INT("status", status_http(st)), LOG_TEXT("code", problem->code));
}

void task_answer(struct task *task, enum status st, struct problem *problem)
{
    bool replies = st == ST_OK || st == ST_PENDING;

    if (st == ST_PENDING)
        check_declared(task, st, problem);
    if (replies && !try_reply(task, st)) {
        replies = false;
        st = ST_INTERNAL;
        problem_set(problem, st, "reply_too_large", "The answer is too large to be sent.");
    }
    if (!replies) {
        complete(problem, st);
        check_declared(task, st, problem);
        refusal_counts_add(task->served->refusals, task->served->row->op, st, problem->code);
        send_problem(task, problem);
    }
    observe(task, st, problem);
    task_free(task);
}
