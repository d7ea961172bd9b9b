/* provider_asking.h - one question to a provider: through its breaker, within the call's time,
 * counted. Private to this folder; any thread. */
#ifndef DATASERVICE_PAYMENT_HTTP_PROVIDER_ASKING_H
#define DATASERVICE_PAYMENT_HTTP_PROVIDER_ASKING_H

#include "dataservice/payment/http/provider_http.h"
#include "tool/fetch/fetch.h"

/* What is asked: those of enum provider_kind that are, and these. */
enum { PROVIDER_FIND = PROVIDER_REFUND + 1, PROVIDER_BOOK, PROVIDER_QUESTIONS };

/* What has become of it, for the counters. */
enum provider_end {
    PROVIDER_END_DONE,
    PROVIDER_END_DECLINED,
    PROVIDER_END_NOT_FOUND,
    PROVIDER_END_TOLD, /* the book */
    PROVIDER_END_NEVER_ASKED,
    PROVIDER_END_NOT_KNOWN,
    PROVIDER_ENDS
};

struct provider_asking {
    char url[PROVIDER_URL_MAX + 1];
    char *ca;
    int64_t timeout_ms;
    struct fetcher *fetcher;
    struct breaker *breaker;
    struct metric *seconds[PROVIDER_QUESTIONS], *ends[PROVIDER_QUESTIONS][PROVIDER_ENDS];
};

void provider_asking_init(struct provider_asking *self, const struct provider_http_config *config);
void provider_asking_fini(struct provider_asking *self);
/** path: behind the URL, "/v1/book"; body: of a POST of len bytes, NULL = GET; *answer of at most
 * size_max bytes is to be freed. ST_OK: there is one, whatever it says | ST_UNAVAILABLE: never
 * asked | ST_TIMEOUT, ST_UNCERTAIN: not known */
enum status provider_asking_once(struct provider_asking *self, const struct call *call, int what,
                                 const char *path, const char *body, size_t len, size_t size_max,
                                 struct fetch_answer *answer);
/** Says that an answer makes no sense, and why; returns ST_UNCERTAIN. */
enum status provider_asking_puzzled(const struct call *call, int what,
                                    const struct fetch_answer *answer, const char *why);
/** Counts how it has ended, and returns st. out: with ST_OK; NULL = of the book. */
enum status provider_asking_count(struct provider_asking *self, int what, enum status st,
                                  const struct provider_outcome *out);

#endif
