/* responder.c - requests come in, are handed on, and are answered whenever and wherever it is done.
 */
#include "tool/message/responder_private.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/message/discovery.h"
#include "tool/message/error_answer.h"
#include "tool/message/message_private.h"
#include "tool/metrics/metrics.h"

struct responder_request {
    struct loop_task done; /* posted by responder_answer from other threads */
    struct responder_request *next_free;
    struct responder_entry *entry;
    struct message message;
    int64_t since_ms, since_ns, processing_ns;
    natsMsg *answer; /* built by the worker; NULL = none wanted */
    bool failed;
    char error[ENDPOINT_ERROR_MAX + 1];
};

struct responder {
    struct responder_config config;
    struct responder_entry *entries;
    struct responder_request *free_requests;
    unsigned n_open;
    struct discovery *discovery;
    /* Draining: what we publish here comes back when all requests on their way have come. */
    struct link_sub fence;
    struct loop_task passed;
    struct link_watcher watcher;
    bool stopped, draining;
    struct metric *lost;
};

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- answers ---- */

static void note_error(struct responder_request *r, const struct problem *p)
{
    r->failed = true;
    snprintf(r->error, sizeof(r->error), "%d:%.*s", status_http(p->status), ENDPOINT_ERROR_MAX - 8,
             error_description(p));
}

static void make_too_large(struct responder_request *r, struct message_out *out,
                           struct error_text *text)
{
    static const struct problem TOO_LARGE = {.status = ST_INTERNAL,
                                             .code = "reply_too_large",
                                             .detail = "The answer is too large to be sent."};

    error_make_answer(out, &TOO_LARGE, text);
    note_error(r, &TOO_LARGE);
}

static void conclude(struct responder_request *r, enum status sent)
{
    struct responder_entry *e = r->entry;
    struct responder *server = e->server;

    if (sent != ST_OK) {
        metric_add(server->lost, 1);
        log_warn("answer lost", LOG_TEXT("subject", e->spec->subject), LOG_STATUS(sent));
    }
    e->n_requests++;
    e->processing_ns += r->processing_ns;
    if (r->failed) {
        e->n_errors++;
        memcpy(e->last_error, r->error, sizeof(e->last_error));
    }
    message_fini(&r->message);
    r->next_free = server->free_requests;
    server->free_requests = r;
    server->n_open--;
}

static enum status send_too_large(struct responder_request *r)
{
    struct error_text text;
    struct message_out out;

    make_too_large(r, &out, &text);
    return link_publish(r->entry->server->config.link, &out, message_reply_to(&r->message), NULL);
}

static void send_built(void *arg)
{
    struct responder_request *r = arg;
    enum status st = ST_OK;

    if (r->answer)
        st = link_publish_built(r->entry->server->config.link, r->answer);
    else if (message_reply_to(&r->message))
        st = ST_INVALID;
    natsMsg_Destroy(r->answer);
    if (st == ST_TOO_LARGE)
        st = send_too_large(r);
    conclude(r, st);
}

static void send_now(struct responder_request *r, const struct message_out *out)
{
    const char *reply_to = message_reply_to(&r->message);
    enum status st = ST_OK;

    if (reply_to)
        st = link_publish(r->entry->server->config.link, out, reply_to, NULL);
    if (st == ST_TOO_LARGE)
        st = send_too_large(r);
    conclude(r, st);
}

void responder_answer(struct responder_request *r, const struct message_out *out,
                      const struct problem *problem, struct loop_tasks *together)
{
    const char *reply_to = message_reply_to(&r->message);
    struct message_out full = *out;
    struct error_text text;

    r->processing_ns = now_ns() - r->since_ns;
    if (problem) {
        error_add_headers(&full, problem, &text);
        note_error(r, problem);
    }
    if (full.len > MESSAGE_PAYLOAD_MAX)
        make_too_large(r, &full, &text);
    if (loop_is_current(r->entry->server->config.loop)) {
        send_now(r, &full);
        return;
    }
    r->answer = reply_to ? message_build(&full, reply_to, NULL) : NULL;
    r->done = (struct loop_task){.fn = send_built, .arg = r};
    if (together)
        loop_tasks_add(together, &r->done);
    else
        loop_post(r->entry->server->config.loop, &r->done);
}

/* ---- requests ---- */

const struct message *responder_request_message(const struct responder_request *r)
{
    return &r->message;
}

int64_t responder_request_since_ms(const struct responder_request *r)
{
    return r->since_ms;
}

static struct responder_request *request_take(struct responder_entry *entry, natsMsg *raw)
{
    struct responder *server = entry->server;
    struct responder_request *r = server->free_requests;

    if (r)
        server->free_requests = r->next_free;
    else
        r = MEM_NEW(struct responder_request);
    server->n_open++;
    r->entry = entry;
    r->answer = NULL;
    r->failed = false;
    r->since_ms = clock_now_ms(server->config.clock);
    r->since_ns = now_ns();
    message_init(&r->message, raw);
    return r;
}

static void on_request(void *arg, natsMsg *raw)
{
    struct responder_entry *entry = arg;
    struct responder_request *r;

    if (!raw)
        return; /* an endpoint's subject is nobody's reply subject */
    r = request_take(entry, raw);
    if (natsMsg_GetDataLength(raw) > MESSAGE_PAYLOAD_MAX) {
        struct error_text text;
        struct message_out out;
        struct problem p = {0};

        problem_set(&p, ST_TOO_LARGE, "too_large", "The request is larger than %d bytes.",
                    MESSAGE_PAYLOAD_MAX);
        error_make_answer(&out, &p, &text);
        note_error(r, &p);
        send_now(r, &out);
        return;
    }
    entry->spec->fn(entry->spec->arg, r);
}

/* ---- draining ---- */

static void drained(void *arg)
{
    struct responder *server = arg;

    if (!server->draining)
        return;
    server->draining = false;
    for (size_t i = 0; i < server->config.n_endpoints; i++)
        link_remove_sub(server->config.link, &server->entries[i].sub);
}

static void on_fence(void *arg, natsMsg *raw)
{
    struct responder *server = arg;

    natsMsg_Destroy(raw);
    /* Not at once: requests that came with the same read may still be waiting to be delivered. */
    loop_post(server->config.loop, &server->passed);
}

void responder_stop(struct responder *server)
{
    if (server->stopped)
        return;
    server->stopped = server->draining = true;
    discovery_destroy(server->discovery);
    server->discovery = NULL;
    for (size_t i = 0; i < server->config.n_endpoints; i++)
        link_drain_sub(server->config.link, &server->entries[i].sub);
    if (link_publish(server->config.link, &(struct message_out){0}, server->fence.subject, NULL) !=
        ST_OK)
        drained(server); /* not connected: nothing can be on its way */
}

unsigned responder_open(const struct responder *server)
{
    return server->n_open + server->draining;
}

/* ---- life ---- */

static void entry_init(struct responder_entry *entry, struct responder *server,
                       const struct responder_spec *spec)
{
    const char *dot = strchr(spec->subject, '.');

    entry->server = server;
    entry->spec = spec;
    ASSERT(TEXT_COPY(entry->name, dot ? dot + 1 : spec->subject));
    for (char *c = entry->name; *c != '\0'; c++)
        if (*c == '.')
            *c = '-';
    ASSERT(TEXT_COPY(entry->sub.subject, spec->subject));
    entry->sub.queue = spec->everyone ? NULL : ENDPOINT_QUEUE;
    entry->sub.fn = on_request;
    entry->sub.arg = entry;
    link_add_sub(server->config.link, &entry->sub);
}

struct responder *responder_create(const struct responder_config *config)
{
    struct responder *server = MEM_NEW(struct responder);

    server->config = *config;
    server->entries = mem_alloc(config->n_endpoints, sizeof(*server->entries));
    for (size_t i = 0; i < config->n_endpoints; i++)
        entry_init(&server->entries[i], server, &config->endpoints[i]);
    server->discovery = discovery_create(config, server->entries, config->n_endpoints);
    snprintf(server->fence.subject, sizeof(server->fence.subject), "%s.drained",
             link_inbox(config->link));
    server->fence.fn = on_fence;
    server->fence.arg = server;
    server->passed = (struct loop_task){.fn = drained, .arg = server};
    link_add_sub(config->link, &server->fence);
    server->watcher.lost = drained;
    server->watcher.arg = server;
    link_add_watcher(config->link, &server->watcher);
    server->lost = metrics_counter(config->metrics, "hanok_nats_answers_lost_total",
                                   "Answers that could not be sent.", "");
    return server;
}

void responder_destroy(struct responder *server)
{
    if (!server)
        return;
    ASSERT(server->n_open == 0);
    discovery_destroy(server->discovery);
    link_remove_watcher(server->config.link, &server->watcher);
    link_remove_sub(server->config.link, &server->fence);
    for (size_t i = 0; i < server->config.n_endpoints; i++)
        link_remove_sub(server->config.link, &server->entries[i].sub);
    while (server->free_requests) {
        struct responder_request *r = server->free_requests;
        server->free_requests = r->next_free;
        free(r);
    }
    free(server->entries);
    free(server);
}
