/* built_in.c - see built_in.h. */
#include "cmd/gateway/built_in.h"

#include "tool/core/json_out.h"
#include "tool/service/version.h"

static void welcome(struct answer *a, const struct built_in_facts *facts)
{
    static const char BODY[] = "{\"service\":\"hanok\",\"version\":\"" HANOK_VERSION "\"}";

    (void)facts;
    a->res.body = BODY;
    a->res.len = sizeof(BODY) - 1;
}

static void health(struct answer *a, const struct built_in_facts *facts)
{
    bool well = facts->nats && facts->token_keys;
    struct json_out o;

    json_out_init(&o, a->body, sizeof(a->body));
    json_out_open(&o, '{');
    json_out_member(&o, "status", well ? "ok" : "unavailable");
    json_out_key(&o, "checks");
    json_out_open(&o, '{');
    json_out_member(&o, "nats", facts->nats ? "ok" : "unavailable");
    json_out_member(&o, "tokenKeys", facts->token_keys ? "ok" : "unavailable");
    json_out_close(&o, '}');
    json_out_close(&o, '}');
    a->res.status = well ? 200 : 503;
    a->res.body = o.buf;
    a->res.len = o.len;
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

    answer_begin(a, 200, "application/json");
    ANSWERS[which](a, facts);
}
