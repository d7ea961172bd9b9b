/* built_in.c - see built_in.h. */
#include "cmd/gateway/built_in.h"

#include "middleware/route_query.h"
#include "protocol/gateway.h"
#include "tool/http/http_request.h"
#include "tool/service/version.h"

static void say(struct answer *a, const struct descriptor *d, const void *value)
{
    struct json_out o;

    json_out_init(&o, a->body, sizeof(a->body));
    encode(d, value, &o);
    a->res.body = o.buf;
    a->res.len = o.len;
}

static void welcome(struct answer *a, const struct built_in_facts *facts)
{
    static const struct welcome HERE = {"hanok", HANOK_VERSION};

    (void)facts;
    say(a, &WELCOME, &HERE);
}

static enum health_state state(bool well)
{
    return well ? HEALTH_OK : HEALTH_UNAVAILABLE;
}

static void health(struct answer *a, const struct built_in_facts *facts)
{
    bool well = facts->nats && facts->token_keys;
    struct health found = {
        state(well), {state(facts->nats), state(facts->token_keys)}
    };

    say(a, &HEALTH, &found);
    a->res.status = well ? 200 : 503;
    http_response_header(&a->res, "Cache-Control", "no-store");
    if (!well)
        http_response_header(&a->res, "Retry-After", "1");
}

static void openapi(struct answer *a, const struct built_in_facts *facts)
{
    answer_document(a, facts->asked, facts->openapi);
}

static void asyncapi(struct answer *a, const struct built_in_facts *facts)
{
    answer_document(a, facts->asked, facts->asyncapi);
}

static void docs(struct answer *a, const struct built_in_facts *facts)
{
    a->res.body = facts->docs->html;
    a->res.len = facts->docs->len;
    a->res.content_type = "text/html; charset=utf-8";
    http_response_header(&a->res, "Content-Security-Policy", facts->docs->policy);
}

void built_in_answer(struct answer *a, enum built_in which, const struct built_in_facts *facts)
{
    static void (*const ANSWERS[])(struct answer *, const struct built_in_facts *) = {
        [BUILT_IN_WELCOME] = welcome,   [BUILT_IN_HEALTH] = health, [BUILT_IN_OPENAPI] = openapi,
        [BUILT_IN_ASYNCAPI] = asyncapi, [BUILT_IN_DOCS] = docs,
    };

    struct problem problem;
    struct route_query query;

    problem_clear(&problem);
    if (route_query_read(&query, NULL, http_request_query(facts->asked->http), &problem) == ST_OK) {
        answer_begin(a, 200, "application/json");
        ANSWERS[which](a, facts);
    } else {
        answer_problem(a, facts->asked, &problem);
    }
    route_query_fini(&query);
}
