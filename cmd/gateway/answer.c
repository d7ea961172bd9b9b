/* answer.c - replies and problems as HTTP. */
#include "cmd/gateway/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/field_value.h"
#include "middleware/percent.h"
#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/encoder/encode_text.h"
#include "tool/http/http_request.h"

enum { INSTANCE_MAX = 1023, RETRY_AFTER_S = 1, RETRY_AFTER_MAX_S = 3600 };

static bool is_method(const struct asked *asked, const char *method)
{
    return strcmp(asked->match->route->method, method) == 0;
}

void answer_begin(struct answer *a, int status, const char *content_type)
{
    a->res = (struct http_response){.status = status, .content_type = content_type};
    a->vary[0] = '\0';
}

void answer_vary(struct answer *a, const char *field)
{
    size_t len = strlen(a->vary), comma = len > 0 ? 2 : 0, more = strlen(field);

    ASSERT(len + comma + more < sizeof(a->vary));
    memcpy(a->vary + len, ", ", comma);
    memcpy(a->vary + len + comma, field, more + 1);
}

void answer_complete(struct answer *a, const struct asked *asked)
{
    http_response_header(&a->res, "X-Request-Id", asked->request_id);
    if (a->vary[0])
        http_response_header(&a->res, "Vary", a->vary);
}

size_t answer_bytes(const struct answer *a, const struct asked *asked)
{
    bool none = a->res.status == 304 || strcmp(http_request_method(asked->http), "HEAD") == 0;

    return none ? 0 : a->res.len;
}

/* ---- problems ---- */

/* The gateway's own words. What a service refuses, it explains itself. */
static const char *words_for(enum status st)
{
    static const struct {
        enum status st;
        const char *detail;
    } WORDS[] = {
        {ST_NOT_FOUND,          "Nothing is here."                                                      },
        {ST_METHOD_NOT_ALLOWED, "This path is for other methods: see Allow."                            },
        {ST_STALE,              "It is not the version any more that If-Match names."                   },
        {ST_UNSUPPORTED_TYPE,   "Send application/json, in UTF-8."                                      },
        {ST_FORBIDDEN,          "This takes another role."                                              },
        {ST_UNAUTHENTICATED,    "An access token is needed, as Authorization: Bearer."                  },
        {ST_OVERLOADED,         "Too much is in hand just now."                                         },
        {ST_UNAVAILABLE,        "What this needs cannot be reached just now."                           },
        {ST_TIMEOUT,            "No answer came in time. What was asked may have happened."             },
        {ST_INTERNAL,           "Something went wrong here. The request id tells us where."             },
        {ST_TOO_LARGE,          "The request is too large."                                             },
        {ST_LIMITED,            "So many requests in so little time are too many: see RateLimit-Policy."},
    };

    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        if (WORDS[i].st == st)
            return WORDS[i].detail;
    return status_title(st);
}

static void complete(struct problem *problem, const struct asked *asked)
{
    if (asked->bearer_bad)
        problem_set(problem, problem->status, "invalid_token",
                    "The access token is not valid, or not any more.");
    else if (!problem->detail[0])
        TEXT_COPY(problem->detail, words_for(problem->status));
}

/* What HTTP wants beside a refusal of that number. */
static void add_refusal_headers(struct answer *a, const struct asked *asked, int retry_s)
{
    const struct route *route = asked->match->route;
    int http = a->res.status;

    if ((http == 503 || http == 429) && retry_s == 0)
        retry_s = RETRY_AFTER_S;
    snprintf(a->retry_after, sizeof(a->retry_after), "%d", retry_s);
    if (retry_s > 0)
        http_response_header(&a->res, "Retry-After", a->retry_after);
    if (http == 401 && route && route->bearer)
        http_response_header(&a->res, "WWW-Authenticate",
                             asked->bearer_bad ? "Bearer error=\"invalid_token\"" : "Bearer");
    if (http == 405)
        http_response_header(&a->res, "Allow", asked->match->allow);
    if (http == 415 && route && is_method(asked, "PATCH"))
        http_response_header(&a->res, "Accept-Patch",
                             "application/merge-patch+json, application/json");
}

void answer_problem(struct answer *a, const struct asked *asked, const struct problem *problem)
{
    struct problem told = *problem;
    char instance[INSTANCE_MAX + 1];

    answer_begin(a, status_http(problem->status), "application/problem+json");
    complete(&told, asked);
    percent_encode_path(http_request_path(asked->http), instance, sizeof(instance));
    a->res.body = a->body;
    a->res.len = encode_problem_fitting(&told, instance[0] ? instance : NULL, asked->request_id,
                                        a->body, sizeof(a->body));
    add_refusal_headers(a, asked, told.retry_after_s);
    http_response_header(&a->res, "Cache-Control", "no-store");
}

/* A small number in a header of a service; -1 when it is none. */
static int read_number(const char *value)
{
    char *end;
    long n = strtol(value, &end, 10);

    return *value < '0' || *value > '9' || *end || n > RETRY_AFTER_MAX_S ? -1 : (int)n;
}

static void pass_problem(struct answer *a, const struct asked *asked, const struct message *reply,
                         const char *code)
{
    const char *retry_after = message_header(reply, HEADER_RETRY_AFTER);
    struct problem problem = {.status = ST_INTERNAL};
    int http = read_number(code);
    size_t len;
    const char *json = message_data(reply, &len);

    /* Nothing of what other numbers come with is for outside. */
    if (http >= 400 && status_http(status_from_http(http)) == http && http != 500) {
        decode_problem(json, len, http, &problem);
        if (retry_after && read_number(retry_after) > 0)
            problem.retry_after_s = read_number(retry_after);
    }
    answer_problem(a, asked, &problem);
}

/* ---- replies ---- */

bool answer_is_known(const struct asked *asked, const char *etag)
{
    char list[HTTP_LIST_MAX];

    return is_method(asked, "GET") &&
           field_names_etag(http_request_list(asked->http, "If-None-Match", list, sizeof(list)),
                            etag);
}

/* How the client, or anyone, may keep the reply. What is one caller's is not to be told apart by
 * the path alone: two may have the same ETag. */
static void add_cache(struct answer *a, const struct asked *asked, bool versioned, bool pending)
{
    const struct route *route = asked->match->route;
    const struct route_cache *cache = &route->cache;
    enum cache_who who = pending || !is_method(asked, "GET") ? CACHE_NOBODY : cache->who;
    const char *value = "no-store";

    if (who == CACHE_BY_VERSION)
        who = versioned ? CACHE_ONE : CACHE_NOBODY;
    if (who != CACHE_NOBODY) {
        bool anybody = who == CACHE_ANYBODY;

        value = anybody ? "public, no-cache" : "private, no-cache";
        if (cache->seconds > 0) {
            snprintf(a->cache, sizeof(a->cache), "%s, max-age=%d", anybody ? "public" : "private",
                     cache->seconds);
            value = a->cache;
        }
        if (route->bearer)
            answer_vary(a, "Authorization");
    }
    http_response_header(&a->res, "Cache-Control", value);
}

/* etag NULL = none. */
static void write_reply(struct answer *a, const struct asked *asked, const char *etag, bool pending)
{
    const struct route *route = asked->match->route;
    struct http_response *res = &a->res;

    if (location_write(&route->location, res->body, res->len, a->location))
        http_response_header(res, "Location", a->location);
    if (etag)
        http_response_header(res, "ETag", etag);
    if (etag && res->status == 200 && answer_is_known(asked, etag))
        res->status = 304;
    /* A 304 keeps the body's length, as HEAD does; the library sends neither's body. */
    if (res->status == 204)
        res->len = 0;
    else
        res->content_type = "application/json";
    add_cache(a, asked, etag != NULL, pending);
}

void answer_unchanged(struct answer *a, const struct asked *asked, const char *etag)
{
    answer_begin(a, 304, NULL);
    http_response_header(&a->res, "ETag", etag);
    add_cache(a, asked, true, false);
}

void answer_events(struct answer *a)
{
    answer_begin(a, 200, "text/event-stream");
    http_response_header(&a->res, "Cache-Control", "no-store");
    http_response_header(&a->res, "X-Accel-Buffering", "no"); /* or nginx in front holds it back */
}

void answer_json(struct answer *a, const char *json, size_t len)
{
    answer_begin(a, 200, "application/json");
    a->res.body = json;
    a->res.len = len;
    http_response_header(&a->res, "Cache-Control", "no-store");
}

void answer_reply(struct answer *a, const struct asked *asked, const struct message *reply)
{
    const char *error = message_header(reply, HEADER_ERROR_CODE);
    const char *lag = message_header(reply, HEADER_VIEW_LAG);
    bool pending;

    /* Accepted, not decided yet, is a reply like any other. */
    pending = error && read_number(error) == status_http(ST_PENDING);
    if (error && !pending) {
        pass_problem(a, asked, reply, error);
        return;
    }
    answer_begin(a, pending ? status_http(ST_PENDING) : asked->match->route->status, NULL);
    a->res.body = message_data(reply, &a->res.len);
    write_reply(a, asked, message_header(reply, HEADER_ETAG), pending);
    if (lag)
        http_response_header(&a->res, HEADER_VIEW_LAG, lag);
}

void answer_shared(struct answer *a, const struct asked *asked, const struct shared_answer *shared,
                   int age_s)
{
    answer_begin(a, asked->match->route->status, NULL);
    a->res.body = shared->body;
    a->res.len = shared->len;
    write_reply(a, asked, shared->etag, false);
    snprintf(a->age, sizeof(a->age), "%d", age_s);
    http_response_header(&a->res, "Age", a->age);
}

void answer_document(struct answer *a, const struct asked *asked, const struct document *document)
{
    answer_begin(a, answer_is_known(asked, document->etag) ? 304 : 200, "application/json");
    a->res.body = document->text;
    a->res.len = document->len;
    http_response_header(&a->res, "ETag", document->etag);
    http_response_header(&a->res, "Cache-Control", "no-cache");
}
