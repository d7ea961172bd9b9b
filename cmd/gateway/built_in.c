/* built_in.c - what the gateway answers by itself. */
#include "cmd/gateway/answer.h"
#include "cmd/gateway/routing.h"
#include "tool/message/link.h"
#include "tool/service/version.h"

static void welcome(struct exchange *x)
{
    static const char BODY[] = "{\"service\":\"hanok\",\"version\":\"" HANOK_VERSION "\"}";
    struct http_response res = {
        .status = 200, .body = BODY, .len = sizeof(BODY) - 1, .content_type = "application/json"};

    answer_send(x, &res);
}

static void health(struct exchange *x)
{
    struct gateway *gw = x->gw;
    bool link = link_is_up(gw->run.link), keys = authenticator_has_keys(gw->authenticator);
    struct http_response res = {.content_type = "application/json"};
    char body[128];
    struct json_out o;

    json_out_init(&o, body, sizeof(body));
    json_out_open(&o, '{');
    json_out_member(&o, "status", link && keys ? "ok" : "unavailable");
    json_out_key(&o, "checks");
    json_out_open(&o, '{');
    json_out_member(&o, "nats", link ? "ok" : "unavailable");
    json_out_member(&o, "tokenKeys", keys ? "ok" : "unavailable");
    json_out_close(&o, '}');
    json_out_close(&o, '}');
    res.status = link && keys ? 200 : 503;
    res.body = o.buf;
    res.len = o.len;
    http_response_header(&res, "Cache-Control", "no-store");
    if (res.status == 503)
        http_response_header(&res, "Retry-After", "1");
    answer_send(x, &res);
}

static void openapi(struct exchange *x)
{
    struct http_response res = {.status = 200,
                                .body = x->routing->openapi,
                                .len = x->routing->openapi_len,
                                .content_type = "application/json"};

    answer_send(x, &res);
}

static void docs(struct exchange *x)
{
    const struct docs_page *page = &x->gw->docs;
    struct http_response res = {.status = 200,
                                .body = page->html,
                                .len = page->len,
                                .content_type = "text/html; charset=utf-8"};

    http_response_header(&res, "Content-Security-Policy", page->policy);
    answer_send(x, &res);
}

void answer_built_in(struct exchange *x)
{
    static void (*const ANSWERS[])(struct exchange *) = {
        [BUILT_IN_WELCOME] = welcome,
        [BUILT_IN_HEALTH] = health,
        [BUILT_IN_OPENAPI] = openapi,
        [BUILT_IN_DOCS] = docs,
    };

    ANSWERS[x->match.route->built_in](x);
}
