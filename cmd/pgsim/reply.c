/* reply.c - see reply.h. */
#include "cmd/pgsim/reply.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/encoder/encode_text.h"
#include "tool/http/http_request.h"
#include "tool/http/http_response.h"

static void reply(struct http_request *http, struct http_response *res)
{
    http_response_header(res, "Cache-Control", "no-store");
    http_response_header(res, "X-Content-Type-Options", "nosniff");
    http_respond(http, res);
}

void reply_json(struct http_request *http, int status, const char *json, size_t len)
{
    struct http_response res = {
        .status = status, .body = json, .len = len, .content_type = "application/json"};

    reply(http, &res);
}

void reply_charge(struct http_request *http, int status, const struct charge *op)
{
    char json[CHARGE_JSON_MAX + 1];
    struct json_out o;

    json_out_init(&o, json, sizeof(json));
    encode(&CHARGE_ANSWER, op, &o);
    ASSERT(!o.overflow);
    reply_json(http, status, json, o.len);
}

static void refuse(struct http_request *http, const struct problem *problem, const char *allow)
{
    char body[ENCODE_PROBLEM_MIN];
    struct http_response res = {.status = status_http(problem->status),
                                .content_type = "application/problem+json",
                                .body = body};

    res.len = encode_problem_fitting(problem, NULL, NULL, body, sizeof(body));
    if (allow)
        http_response_header(&res, "Allow", allow);
    if (res.status == 503)
        http_response_header(&res, "Retry-After", "1");
    reply(http, &res);
}

void reply_refusal(struct http_request *http, const struct problem *problem)
{
    refuse(http, problem, NULL);
}

void reply_problem(struct http_request *http, enum status st, const char *detail)
{
    struct problem problem = {.status = ST_OK};

    problem_set(&problem, st, NULL, "%s", detail);
    refuse(http, &problem, NULL);
}

void reply_unknown(struct http_request *http)
{
    struct problem problem = {.status = ST_OK};

    problem_set(&problem, ST_NOT_FOUND, "unknown_operation", "No operation of this key has come.");
    refuse(http, &problem, NULL);
}

void reply_not_allowed(struct http_request *http, const char *allow)
{
    struct problem problem = {.status = ST_OK};

    problem_set(&problem, ST_METHOD_NOT_ALLOWED, NULL,
                "This path is for other methods: see Allow.");
    refuse(http, &problem, allow);
}
