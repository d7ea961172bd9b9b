/* answer.c - replies and problems as HTTP. */
#include "cmd/gateway/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/field_value.h"
#include "tool/core/mem.h"
#include "tool/encoder/encode_text.h"
#include "tool/encoder/descriptor.h"
#include "tool/encoder/json_check.h"

enum {
    PROBLEM_JSON_MAX = 16384,
    LOCATION_MAX = 255,
    RETRY_AFTER_S = 1,
    RETRY_AFTER_MAX_S = 3600,
};

void answer_send(struct exchange *x, struct http_response *res)
{
    http_response_header(res, "X-Request-Id", x->call.request_id);
    http_response_header(res, "X-Content-Type-Options", "nosniff");
    http_respond(x->http, res);
    exchange_end(x, res->status);
}

/* ---- problems ---- */

/* The gateway's own words. What a service refuses, it explains itself. */
static const char *detail_of(const struct exchange *x, enum status st)
{
    static const struct {
        enum status st;
        const char *detail;
    } WORDS[] = {
        {ST_NOT_FOUND,          "Nothing is here."                                         },
        {ST_METHOD_NOT_ALLOWED, "This path is for other methods: see Allow."               },
        {ST_UNSUPPORTED_TYPE,   "Send application/json, in UTF-8."                         },
        {ST_UNAUTHENTICATED,    "An access token is needed, as Authorization: Bearer."     },
        {ST_OVERLOADED,         "Too much is in hand just now."                            },
        {ST_UNAVAILABLE,        "What this needs cannot be reached just now."              },
        {ST_TIMEOUT,            "No answer came in time. What was asked may have happened."},
        {ST_INTERNAL,           "Something went wrong here. The request id tells us where."},
        {ST_TOO_LARGE,          "The request is too large."                                },
    };

    if (x->token_bad)
        return "The access token is not valid, or not any more.";
    for (size_t i = 0; i < ARRAY_LEN(WORDS); i++)
        if (WORDS[i].st == st)
            return WORDS[i].detail;
    return status_title(st);
}

void answer_status(struct exchange *x, enum status st)
{
    struct problem problem = {0};

    problem_set(&problem, st, x->token_bad ? "invalid_token" : NULL, "%s", detail_of(x, st));
    answer_problem(x, &problem);
}

void answer_invalid(struct exchange *x, const char *detail)
{
    struct problem problem = {0};

    problem_set(&problem, ST_INVALID, NULL, "%s", detail);
    answer_problem(x, &problem);
}

static void add_challenge(const struct exchange *x, struct http_response *res)
{
    if (x->match.route && x->match.route->bearer)
        http_response_header(res, "WWW-Authenticate",
                             x->token_bad ? "Bearer error=\"invalid_token\"" : "Bearer");
}

void answer_problem(struct exchange *x, const struct problem *problem)
{
    const char *path = http_request_path(x->http);
    int http = status_http(problem->status), retry_s = problem->retry_after_s;
    char body[PROBLEM_JSON_MAX], retry_after[12];
    struct http_response res = {.status = http, .content_type = "application/problem+json"};

    res.body = body;
    res.len = encode_problem_fitting(problem, path, x->call.request_id, body, sizeof(body));
    if ((http == 503 || http == 429) && retry_s == 0)
        retry_s = RETRY_AFTER_S;
    snprintf(retry_after, sizeof(retry_after), "%d", retry_s);
    if (retry_s > 0)
        http_response_header(&res, "Retry-After", retry_after);
    if (http == 401)
        add_challenge(x, &res);
    if (http == 405)
        http_response_header(&res, "Allow", x->match.allow);
    http_response_header(&res, "Cache-Control", "no-store");
    answer_send(x, &res);
}

/* A small number in a header of a service; -1 when it is none. */
static int read_number(const char *value)
{
    char *end;
    long n = strtol(value, &end, 10);

    return *value < '0' || *value > '9' || *end || n > RETRY_AFTER_MAX_S ? -1 : (int)n;
}

static void pass_problem(struct exchange *x, const struct message *reply, const char *code)
{
    const char *retry_after = message_header(reply, HEADER_RETRY_AFTER);
    int http = read_number(code);
    struct problem problem;
    size_t len;
    const char *json = message_data(reply, &len);

    if (http < 400 || status_http(status_from_http(http)) != http || http == 500) {
        answer_status(x, ST_INTERNAL); /* nothing of what it says is for outside */
        return;
    }
    decode_problem(json, len, http, &problem);
    if (retry_after && read_number(retry_after) > 0)
        problem.retry_after_s = read_number(retry_after);
    answer_problem(x, &problem);
}

/* ---- replies ---- */

static bool is_plain(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-._~") == strlen(text);
}

/* Fills the {members} of the route's Location in from the reply; false when one is not there. */
static bool write_location(const char *template, const char *json, size_t len,
                           char out[LOCATION_MAX + 1])
{
    size_t used = 0;

    while (*template) {
        char name[64], value[128];
        size_t n = strcspn(template, "{");

        if (used + n > LOCATION_MAX)
            return false;
        memcpy(out + used, template, n);
        used += n;
        template += n;
        if (!*template)
            break;
        n = strcspn(++template, "}");
        if (n >= sizeof(name) || template[n] != '}')
            return false;
        memcpy(name, template, n);
        name[n] = '\0';
        template += n + 1;
        if (!json_get_text(json, len, name, value, sizeof(value)) || !is_plain(value) ||
            used + strlen(value) > LOCATION_MAX)
            return false;
        memcpy(out + used, value, strlen(value));
        used += strlen(value);
    }
    out[used] = '\0';
    return true;
}

void answer_reply(struct exchange *x, const struct message *reply)
{
    const char *error = message_header(reply, HEADER_ERROR_CODE);
    const char *etag = message_header(reply, HEADER_ETAG);
    struct http_response res = {.status = x->match.route->status};
    char location[LOCATION_MAX + 1], list[HTTP_LIST_MAX];

    if (error && read_number(error) == status_http(ST_PENDING)) {
        res.status =
            status_http(ST_PENDING); /* accepted, not decided yet: a reply like any other */
    } else if (error) {
        pass_problem(x, reply, error);
        return;
    }
    res.body = message_data(reply, &res.len);
    if (x->match.route->location[0] &&
        write_location(x->match.route->location, res.body, res.len, location))
        http_response_header(&res, "Location", location);
    if (etag)
        http_response_header(&res, "ETag", etag);
    if (etag && res.status == 200 && strcmp(x->match.route->method, "GET") == 0 &&
        field_names_etag(http_request_list(x->http, "If-None-Match", list, sizeof(list)), etag))
        res.status = 304;
    /* A 304 keeps the body's length, as HEAD does; the library sends neither's body. */
    if (res.status == 204)
        res.len = 0;
    else
        res.content_type = "application/json";
    http_response_header(&res, "Cache-Control", "no-store");
    answer_send(x, &res);
}
