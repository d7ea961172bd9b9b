/* proxy.c - a worker waits while the loop asks. */
#include "tool/proxy/proxy.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/loop_task.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"
#include "tool/encoder/encode_text.h"

enum {
    /* The loop's timer decides when time is over; a worker goes by himself only when the loop is
     * late, so that it normally is the loop that tells the breaker. */
    LOOP_LATE_MS = 100,
};

struct proxy {
    struct remote base;
    struct proxy_config config;
};

/* One call. The worker may leave before the loop is done with it: each holds a reference, and
 * everything the loop looks at lives in here. */
struct enquiry {
    struct loop_task task;
    struct proxy *proxy;
    atomic_int references;
    struct call call;
    const char *subject;
    struct json_text request;

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t answered;
    bool done;
    enum status st; /* of message_client; ST_OK: there is a reply */
    bool failed;    /* ... and it has a Nats-Service-Error-Code */
    int error_code;
    char *reply;
    size_t reply_len;
};

static void free_enquiry(struct enquiry *q)
{
    pthread_cond_destroy(&q->answered);
    pthread_mutex_destroy(&q->mutex);
    json_text_fini(&q->request);
    free(q->reply);
    free(q);
}

static void release(struct enquiry *q)
{
    if (atomic_fetch_sub(&q->references, 1) == 1)
        free_enquiry(q);
}

/* ---- in the loop ---- */

static void settle(struct enquiry *q, enum status st, const struct message *reply)
{
    pthread_mutex_lock(&q->mutex);
    q->st = st;
    if (reply) {
        const char *code = message_header(reply, HEADER_ERROR_CODE);
        const char *data = message_data(reply, &q->reply_len);

        q->failed = code != NULL;
        q->error_code = code ? (int)strtol(code, NULL, 10) : 0;
        q->reply = mem_alloc(1, q->reply_len + 1);
        memcpy(q->reply, data, q->reply_len);
    }
    q->done = true;
    pthread_cond_signal(&q->answered);
    pthread_mutex_unlock(&q->mutex);
    release(q);
}

static void on_reply(void *arg, enum status st, const struct message *reply)
{
    settle(arg, st, reply);
}

static void ask(void *arg)
{
    struct enquiry *q = arg;
    struct message_out out = {
        .subject = q->subject, .data = q->request.text, .len = q->request.len};
    struct message_call_text text;
    int64_t left_ms = call_left_ms(&q->call);
    enum status st = ST_TIMEOUT;

    message_add_call(&out, &q->call, &text);
    if (left_ms > 0)
        st = message_client_request(q->proxy->config.client, &out, left_ms, on_reply, q, NULL);
    if (st != ST_OK)
        settle(q, st, NULL);
}

/* ---- in the worker ---- */

/* Wanting its request. */
static struct enquiry *enquiry_new(struct proxy *proxy, const struct call *call,
                                   const struct operation *op)
{
    struct enquiry *q = MEM_NEW(struct enquiry);

    q->proxy = proxy;
    q->references = 2;
    q->call = *call;
    q->call.problem = NULL; /* the worker's */
    q->subject = op->subject;
    q->task = (struct loop_task){.fn = ask, .arg = q};
    pthread_mutex_init(&q->mutex, NULL);
    waiting_init(&q->answered);
    return q;
}

/* False when the worker has waited long enough; what the loop still does is then nobody's. */
static bool wait_for_answer(struct enquiry *q)
{
    struct timespec until = waiting_until(call_left_ms(&q->call) + LOOP_LATE_MS);
    bool done;

    pthread_mutex_lock(&q->mutex);
    while (!q->done && waiting_on(&q->answered, &q->mutex, &until)) {
    }
    done = q->done;
    pthread_mutex_unlock(&q->mutex);
    return done;
}

static enum status no_reply(const struct call *call, enum status st)
{
    if (st == ST_TIMEOUT)
        return call_fail(call, st, status_code(st), "There was no answer in time.");
    if (st == ST_TOO_LARGE)
        return call_fail(call, st, status_code(st), "The request is too large to be sent on.");
    if (st == ST_INVALID) /* a subject or header of ours, nothing the caller could mend */
        st = ST_INTERNAL;
    return call_fail(call, st, status_code(st), "%s.", status_title(st));
}

static enum status read_reply(const struct enquiry *q, const struct call *call,
                              const struct operation *op, void *reply)
{
    struct problem problem = {0};

    if (q->failed && q->error_code == status_http(ST_PENDING))
        return ST_PENDING;
    if (q->failed) {
        decode_problem(q->reply, q->reply_len, q->error_code, &problem);
        if (problem.status != ST_OK && call->problem)
            *call->problem = problem;
        if (problem.status != ST_OK)
            return problem.status;
    } else if (!op->reply || !reply ||
               decode_lenient(op->reply, q->reply, q->reply_len, reply, &problem) == ST_OK) {
        return ST_OK;
    }
    return call_fail(call, ST_INTERNAL, "bad_reply", "The answer of another service is malformed.");
}

static bool is_declared(const struct proxy *proxy, const struct operation *op)
{
    for (size_t i = 0; i < proxy->config.n_calls; i++)
        if (proxy->config.calls[i] == op)
            return true;
    return false;
}

/* Of what the client says itself, only that time is over leaves open what has happened. */
static bool has_reached_somebody(const struct enquiry *q)
{
    return q->st == ST_OK || q->st == ST_TIMEOUT;
}

/* What was given to the loop, until it is finished; NULL, and *st, when nobody is asked. */
static struct enquiry *begin(struct proxy *proxy, const struct call *call,
                             const struct operation *op, const void *request, enum status *st)
{
    struct enquiry *q;

    ASSERT(!loop_is_current(proxy->config.loop));
    if (!is_declared(proxy, op)) {
        log_error("a call that the service does not declare", LOG_TEXT("subject", op->subject));
        *st = no_reply(call, ST_INTERNAL);
        return NULL;
    }
    if (call_expired(call)) {
        *st = no_reply(call, ST_TIMEOUT);
        return NULL;
    }
    q = enquiry_new(proxy, call, op);
    if (!encode_text(&q->request, NULL, 0, MESSAGE_PAYLOAD_MAX, op->request, request)) {
        free_enquiry(q);
        *st = no_reply(call, ST_TOO_LARGE);
        return NULL;
    }
    loop_post(proxy->config.loop, &q->task);
    return q;
}

/* Waits for the answer, and gives q back. */
static enum status finish(struct enquiry *q, const struct call *call, const struct operation *op,
                          void *reply, bool *asked)
{
    enum status st;

    *asked = true;
    if (!wait_for_answer(q)) {
        st = no_reply(call, ST_TIMEOUT);
    } else {
        *asked = has_reached_somebody(q);
        st = q->st == ST_OK ? read_reply(q, call, op, reply) : no_reply(call, q->st);
    }
    release(q);
    return st;
}

enum status proxy_ask(struct proxy *proxy, const struct call *call, const struct operation *op,
                      const void *request, void *reply, bool *asked)
{
    enum status st = ST_INTERNAL;
    struct enquiry *q = begin(proxy, call, op, request, &st);

    *asked = false;
    return q ? finish(q, call, op, reply, asked) : st;
}

enum status proxy_call(struct proxy *proxy, const struct call *call, const struct operation *op,
                       const void *request, void *reply)
{
    bool asked;

    return proxy_ask(proxy, call, op, request, reply, &asked);
}

static enum status remote_proxy_ask(struct remote *base, const struct call *call,
                                    const struct operation *op, const void *in, void *out,
                                    bool *asked)
{
    return proxy_ask(container_of(base, struct proxy, base), call, op, in, out, asked);
}

static void remote_proxy_ask_all(struct remote *base, const struct call *call,
                                 struct remote_question *asked, size_t n)
{
    struct proxy *proxy = container_of(base, struct proxy, base);
    struct enquiry *begun[REMOTE_ALL_MAX];
    bool reached;

    for (size_t i = 0; i < n; i++)
        begun[i] = begin(proxy, call, asked[i].row->op, asked[i].in, &asked[i].st);
    for (size_t i = 0; i < n; i++)
        if (begun[i])
            asked[i].st = finish(begun[i], call, asked[i].row->op, asked[i].out, &reached);
}

static const struct remote_ops REMOTE_OPS = {
    .ask = remote_proxy_ask,
    .ask_all = remote_proxy_ask_all,
};

struct proxy *proxy_create(const struct proxy_config *config)
{
    struct proxy *proxy = MEM_NEW(struct proxy);

    proxy->base.ops = &REMOTE_OPS;
    proxy->config = *config;
    return proxy;
}

void proxy_destroy(struct proxy *proxy)
{
    free(proxy);
}

struct remote *proxy_remote(struct proxy *proxy)
{
    return &proxy->base;
}
