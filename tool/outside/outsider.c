/* outsider.c - see outsider.h. */
#include "tool/outside/outsider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/encoder/encode_text.h"
#include "tool/fetch/fetch.h"
#include "tool/metrics/metrics.h"
#include "tool/outside/outside_route.h"
#include "tool/resilience/breaker.h"

enum { CONNECT_MS = 1000, PATH_SIZE = 1024, LABELS_MAX = 160 };
enum { QUESTION_MAX = 65536, ANSWER_MAX = 8192 };

/* What has become of a question, for the counters. */
enum outside_end { END_ANSWERED, END_REFUSED, END_NEVER_ASKED, END_NOT_KNOWN, ENDS };
static const char *const END_NAMES[ENDS] = {"answered", "refused", "never_asked", "not_known"};

struct counted {
    struct metric *seconds, *ends[ENDS];
};

struct outsider {
    struct remote base;
    struct outsider_config config;
    char url[OUTSIDER_URL_MAX + 1];
    struct fetcher *fetcher;
    struct breaker *breaker;
    struct counted *counted; /* beside config.rows */
};

/* ---- asking ---- */

/* 5xx, of the outsider or of a gateway in front: it may have happened all the same. */
static bool is_outage(enum fetch_end end, const struct fetch_answer *answer)
{
    return end != FETCH_ANSWERED || answer->status >= 500;
}

static enum fetch_end fetch(struct outsider *self, const struct call *call,
                            const struct outside_row *row, const char *path,
                            const struct json_text *body, struct fetch_answer *answer)
{
    static const char *const FIELDS[] = {"Content-Type: application/json",
                                         "Accept: application/json", NULL};
    char url[OUTSIDER_URL_MAX + PATH_SIZE], why[FETCH_WHY_MAX + 1];
    int64_t left_ms = call_left_ms(call);
    const struct fetch_rule rule = {
        .size_max = row->answer_max ? row->answer_max : ANSWER_MAX,
        .timeout_ms = (long)(left_ms < self->config.timeout_ms ? left_ms : self->config.timeout_ms),
        .connect_ms = CONNECT_MS,
        .plain = strncmp(self->url, "http:", 5) == 0,
        .ca = self->config.ca,
    };
    struct fetch_question question = {.url = url,
                                      .body = body->text,
                                      .len = body->len,
                                      .fields = body->text ? FIELDS : FIELDS + 1};
    enum fetch_end end;

    snprintf(url, sizeof(url), "%s%s", self->url, path);
    end = fetcher_ask(self->fetcher, &question, &rule, answer, why);
    if (end != FETCH_ANSWERED)
        log_warn("who is asked outside does not answer", LOG_CALL(call),
                 LOG_TEXT("who", self->config.name), LOG_TEXT("operation", row->op->subject),
                 LOG_TEXT("why", why));
    return end;
}

/* ST_OK: there is an answer, whatever it says. */
static enum status ask_once(struct outsider *self, const struct call *call,
                            const struct outside_row *row, const char *path,
                            const struct json_text *body, struct fetch_answer *answer)
{
    struct counted *counted = &self->counted[row - self->config.rows];
    int64_t since_us = clock_wall_us(call->clock);
    struct breaker_ticket ticket;
    enum fetch_end end;

    if (call_left_ms(call) <= 0 || !breaker_allow(self->breaker, &ticket))
        return ST_UNAVAILABLE;
    end = fetch(self, call, row, path, body, answer);
    metric_observe_us(counted->seconds, clock_wall_us(call->clock) - since_us);
    breaker_report(self->breaker, &ticket, !is_outage(end, answer));
    if (end == FETCH_NEVER_ASKED)
        return ST_UNAVAILABLE;
    return end == FETCH_ANSWERED ? ST_OK : call_expired(call) ? ST_TIMEOUT : ST_UNCERTAIN;
}

/* ---- its answer ---- */

static bool is_refusal(const struct operation *op, const struct problem *problem)
{
    for (const struct operation_error *e = op->errors; e && e->code; e++)
        if (e->status == problem->status && strcmp(e->code, problem->code) == 0)
            return true;
    return false;
}

/* A 404 of somebody between (a wrong path, a proxy) is none. */
static enum status refusal(const struct outsider *self, const struct call *call,
                           const struct operation *op, const struct fetch_answer *answer)
{
    struct problem problem = {.status = ST_OK};

    decode_problem(answer->body, answer->len, answer->status, &problem);
    if (is_refusal(op, &problem)) {
        if (call->problem)
            *call->problem = problem;
        return problem.status;
    }
    if (answer->status >= 500 || answer->status == 429)
        log_warn("who is asked outside fails", LOG_CALL(call), LOG_TEXT("who", self->config.name),
                 LOG_TEXT("operation", op->subject), LOG_INT("answer", answer->status),
                 LOG_TEXT("code", problem.code));
    else
        log_error("an answer from outside makes no sense", LOG_CALL(call),
                  LOG_TEXT("who", self->config.name), LOG_TEXT("operation", op->subject),
                  LOG_INT("answer", answer->status), LOG_TEXT("code", problem.code));
    return ST_UNCERTAIN;
}

static enum status read_answer(const struct outsider *self, const struct call *call,
                               const struct operation *op, const struct fetch_answer *answer,
                               void *out)
{
    size_t size = op->reply ? op->reply->size : 1;
    void *reply = mem_alloc(1, size);
    struct problem problem = {.status = ST_OK};
    bool ok = answer->status >= 200 && answer->status < 300 &&
              (!op->reply ||
               decode_lenient(op->reply, answer->body, answer->len, reply, &problem) == ST_OK);

    if (ok && out)
        memcpy(out, reply, size);
    free(reply);
    return ok ? ST_OK : refusal(self, call, op, answer);
}

/* ---- as a remote ---- */

static const struct outside_row *row_of(const struct outsider *self, const struct operation *op)
{
    for (size_t i = 0; i < self->config.n_rows; i++)
        if (self->config.rows[i].op == op)
            return &self->config.rows[i];
    return NULL;
}

static enum outside_end end_of(enum status st)
{
    if (st == ST_UNAVAILABLE || st == ST_TOO_LARGE)
        return END_NEVER_ASKED;
    if (st == ST_TIMEOUT || st == ST_UNCERTAIN)
        return END_NOT_KNOWN;
    return st == ST_OK ? END_ANSWERED : END_REFUSED;
}

static enum status outsider_ask(struct remote *base, const struct call *call,
                                const struct operation *op, const void *in, void *out, bool *asked)
{
    struct outsider *self = container_of(base, struct outsider, base);
    const struct outside_row *row = row_of(self, op);
    struct fetch_answer answer = {.status = 0};
    struct json_text body = {.text = NULL};
    char path[PATH_SIZE];
    enum status st = ST_TOO_LARGE;

    ASSERT(row);
    if (outside_route_write(row, in, path, sizeof(path)) &&
        (!outside_route_posts(row->route) ||
         encode_text(&body, NULL, 0, QUESTION_MAX, op->request, in)))
        st = ask_once(self, call, row, path, &body, &answer);
    *asked = st != ST_UNAVAILABLE && st != ST_TOO_LARGE;
    if (st == ST_OK)
        st = read_answer(self, call, op, &answer, out);
    json_text_fini(&body);
    free(answer.body);
    metric_add(self->counted[row - self->config.rows].ends[end_of(st)], 1);
    return st;
}

static const struct remote_ops OUTSIDER_OPS = {.ask = outsider_ask};

/* ---- making one ---- */

static void count(struct outsider *self)
{
    struct metrics *metrics = self->config.metrics;

    for (size_t i = 0; i < self->config.n_rows; i++) {
        char labels[LABELS_MAX] = "";

        metrics_label(labels, sizeof(labels), "who", self->config.name);
        metrics_label(labels, sizeof(labels), "operation", self->config.rows[i].op->subject);
        self->counted[i].seconds = metrics_histogram(
            metrics, "hanok_outside_seconds", "Time that who was asked outside took.", labels);
        for (int end = 0; end < ENDS; end++) {
            char both[LABELS_MAX];

            TEXT_COPY(both, labels);
            metrics_label(both, sizeof(both), "outcome", END_NAMES[end]);
            self->counted[i].ends[end] =
                metrics_counter(metrics, "hanok_outside_calls_total",
                                "Questions to who is outside, by what came of them.", both);
        }
    }
}

const char *outsider_url_check(const void *text)
{
    const char *url = text, *host = NULL;

    if (strncmp(url, "http://", 7) == 0)
        host = url + 7;
    else if (strncmp(url, "https://", 8) == 0)
        host = url + 8;
    if (!host || strcspn(host, "/") == 0)
        return "must be http://HOST:PORT or https://HOST";
    if (strpbrk(url, " ?#@") || url[strlen(url) - 1] == '/')
        return "must have no user, no query, and no slash at its end";
    return NULL;
}

struct remote *outsider_create(const struct outsider_config *config)
{
    struct outsider *self = MEM_NEW(struct outsider);
    const char *host;
    char subject[OUTSIDER_URL_MAX + 1];

    ASSERT(!outsider_url_check(config->url) && strlen(config->url) <= OUTSIDER_URL_MAX);
    for (size_t i = 0; i < config->n_rows; i++)
        ASSERT(!outside_row_fault(&config->rows[i]));
    self->base.ops = &OUTSIDER_OPS;
    self->config = *config;
    TEXT_COPY(self->url, config->url);
    host = strstr(self->url, "//") + 2;
    snprintf(subject, sizeof(subject), "%.*s", (int)strcspn(host, "/"), host);
    self->fetcher = fetcher_create();
    self->breaker = breakers_get(config->breakers, subject);
    self->counted = mem_alloc(config->n_rows + 1, sizeof(self->counted[0]));
    count(self);
    return &self->base;
}

void outsider_destroy(struct remote *outsider)
{
    struct outsider *self;

    if (!outsider)
        return;
    self = container_of(outsider, struct outsider, base);
    fetcher_destroy(self->fetcher);
    free(self->counted);
    free(self);
}
