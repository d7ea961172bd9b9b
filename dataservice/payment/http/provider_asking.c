/* provider_asking.c - see provider_asking.h. */
#include "dataservice/payment/http/provider_asking.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/encoder/descriptor.h"
#include "tool/metrics/metrics.h"
#include "tool/resilience/breaker.h"

enum { CONNECT_MS = 1000, PATH_MAX_LEN = 160, LABELS_MAX = 96 };

static const char *const QUESTIONS[PROVIDER_QUESTIONS] = {
    [PROVIDER_AUTHORIZE] = "authorize", [PROVIDER_CAPTURE] = "capture", [PROVIDER_VOID] = "void",
    [PROVIDER_REFUND] = "refund",       [PROVIDER_FIND] = "find",       [PROVIDER_BOOK] = "book",
};
static const char *const ENDS[PROVIDER_ENDS] = {
    [PROVIDER_END_DONE] = "done",
    [PROVIDER_END_DECLINED] = "declined",
    [PROVIDER_END_NOT_FOUND] = "not_found",
    [PROVIDER_END_TOLD] = "told",
    [PROVIDER_END_NEVER_ASKED] = "never_asked",
    [PROVIDER_END_NOT_KNOWN] = "not_known",
};

static void make_metrics(struct provider_asking *self, struct metrics *metrics)
{
    for (int what = 0; what < PROVIDER_QUESTIONS; what++) {
        char labels[LABELS_MAX] = "";

        metrics_label(labels, sizeof(labels), "operation", QUESTIONS[what]);
        self->seconds[what] = metrics_histogram(metrics, "hanok_payment_provider_seconds",
                                                "Time that the payment provider took.", labels);
        for (int end = 0; end < PROVIDER_ENDS; end++) {
            char both[LABELS_MAX];

            TEXT_COPY(both, labels);
            metrics_label(both, sizeof(both), "outcome", ENDS[end]);
            self->ends[what][end] =
                metrics_counter(metrics, "hanok_payment_provider_calls_total",
                                "Questions to the payment provider, by what came of them.", both);
        }
    }
}

void provider_asking_init(struct provider_asking *self, const struct provider_http_config *config)
{
    const char *host = strstr(config->url, "//") + 2;
    char subject[PROVIDER_URL_MAX + 1];

    *self = (struct provider_asking){.timeout_ms = config->timeout_ms};
    TEXT_COPY(self->url, config->url);
    snprintf(subject, sizeof(subject), "%.*s", (int)strcspn(host, "/"), host);
    self->ca = mem_strdup(config->ca ? config->ca : "");
    self->fetcher = fetcher_create();
    self->breaker = breakers_get(config->breakers, subject);
    make_metrics(self, config->metrics);
}

void provider_asking_fini(struct provider_asking *self)
{
    fetcher_destroy(self->fetcher);
    free(self->ca);
}

/* 5xx, of the provider or of a gateway in front: it may have happened all the same. */
static bool is_outage(enum fetch_end end, const struct fetch_answer *answer)
{
    return end != FETCH_ANSWERED || answer->status >= 500;
}

enum status provider_asking_once(struct provider_asking *self, const struct call *call, int what,
                                 const char *path, const char *body, size_t len, size_t size_max,
                                 struct fetch_answer *answer)
{
    static const char *const FIELDS[] = {"Content-Type: application/json",
                                         "Accept: application/json", NULL};
    char url[PROVIDER_URL_MAX + PATH_MAX_LEN + 1], why[FETCH_WHY_MAX + 1];
    int64_t left_ms = call_left_ms(call), since_us = clock_wall_us(call->clock);
    const struct fetch_rule rule = {
        .size_max = size_max,
        .timeout_ms = (long)(left_ms < self->timeout_ms ? left_ms : self->timeout_ms),
        .connect_ms = CONNECT_MS,
        .plain = strncmp(self->url, "http:", 5) == 0,
        .ca = self->ca,
    };
    struct fetch_question question = {
        .url = url, .body = body, .len = len, .fields = body ? FIELDS : FIELDS + 1};
    struct breaker_ticket ticket;
    enum fetch_end end;

    if (left_ms <= 0 || !breaker_allow(self->breaker, &ticket))
        return ST_UNAVAILABLE;
    snprintf(url, sizeof(url), "%s%s", self->url, path);
    end = fetcher_ask(self->fetcher, &question, &rule, answer, why);
    metric_observe_us(self->seconds[what], clock_wall_us(call->clock) - since_us);
    breaker_report(self->breaker, &ticket, !is_outage(end, answer));
    if (end == FETCH_ANSWERED)
        return ST_OK;
    log_warn("the payment provider does not answer", LOG_CALL(call),
             LOG_TEXT("operation", QUESTIONS[what]), LOG_TEXT("why", why));
    if (end == FETCH_NEVER_ASKED)
        return ST_UNAVAILABLE;
    return call_expired(call) ? ST_TIMEOUT : ST_UNCERTAIN;
}

enum status provider_asking_puzzled(const struct call *call, int what,
                                    const struct fetch_answer *answer, const char *why)
{
    struct problem problem = {.status = ST_OK};

    decode_problem(answer->body, answer->len, answer->status, &problem);
    if (answer->status >= 500 || answer->status == 429)
        log_warn("the payment provider fails", LOG_CALL(call),
                 LOG_TEXT("operation", QUESTIONS[what]), LOG_INT("answer", answer->status),
                 LOG_TEXT("code", problem.code));
    else
        log_error("the payment provider's answer makes no sense", LOG_CALL(call),
                  LOG_TEXT("operation", QUESTIONS[what]), LOG_INT("answer", answer->status),
                  LOG_TEXT("code", problem.code), LOG_TEXT("why", why));
    return ST_UNCERTAIN;
}

static enum provider_end end_of(enum status st, const struct provider_outcome *out)
{
    if (st == ST_NOT_FOUND)
        return PROVIDER_END_NOT_FOUND;
    if (st == ST_UNAVAILABLE)
        return PROVIDER_END_NEVER_ASKED;
    if (st != ST_OK)
        return PROVIDER_END_NOT_KNOWN;
    if (!out)
        return PROVIDER_END_TOLD;
    return out->state == PROVIDER_DONE ? PROVIDER_END_DONE : PROVIDER_END_DECLINED;
}

enum status provider_asking_count(struct provider_asking *self, int what, enum status st,
                                  const struct provider_outcome *out)
{
    metric_add(self->ends[what][end_of(st, out)], 1);
    return st;
}
