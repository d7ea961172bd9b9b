/* exchange.c - from a request to a message. */
#include "cmd/gateway/exchange.h"

#include <string.h>

#include "cmd/gateway/answer.h"
#include "cmd/gateway/key_ring.h"
#include "cmd/gateway/routing.h"
#include "middleware/field_value.h"
#include "middleware/route_message.h"
#include "middleware/route_query.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/message/client.h"
#include "tool/core/header.h"

static struct exchange *exchange_create(struct gateway *gw, struct http_request *http)
{
    struct exchange *x = MEM_NEW(struct exchange);

    x->gw = gw;
    x->http = http;
    x->routing = routing_take(gw->routing);
    x->call.clock = gw->run.clock;
    x->begun_us = clock_wall_us(gw->run.clock);
    identity_give(&gw->identity, http_request_header(http, HEADER_REQUEST_ID),
                  http_request_header(http, HEADER_TRACEPARENT), &x->call);
    *http_request_data(http) = x;
    return x;
}

void exchange_end(struct exchange *x, int http_status)
{
    const struct route *route = x->match.route;
    int64_t us = clock_wall_us(x->gw->run.clock) - x->begun_us;

    routing_count(x->routing, route, http_status, us > 0 ? us : 0);
    /* The template, not the path: an id in a path can be a secret. */
    LOG_LINE(http_status >= 500 ? LOG_WARN : LOG_INFO, "request", LOG_CALL(&x->call),
             LOG_TEXT("method", http_request_method(x->http)),
             LOG_TEXT("route", routing_label(route)), LOG_INT("status", http_status),
             LOG_REAL("ms", (double)us / 1000),
             LOG_TEXT("userId", x->call.subject[0] ? x->call.subject : NULL),
             LOG_TEXT("peer", http_request_peer(x->http)), LOG_END);
    routing_give(x->routing);
    free(x);
}

/* ---- the message ---- */

static void on_reply(void *arg, enum status st, const struct message *reply)
{
    struct exchange *x = arg;

    x->sent = false;
    if (st == ST_OK)
        answer_reply(x, reply);
    else
        answer_status(x, st);
}

static void dispatch(struct exchange *x, const char *body, size_t len)
{
    struct message_out out = {.subject = x->match.route->subject, .data = body, .len = len};
    struct message_call_text text;
    enum status st;

    message_add_call(&out, &x->call, &text);
    st = message_client_request(x->gw->run.client, &out, call_left_ms(&x->call), on_reply, x,
                                &x->token);
    if (st == ST_OK)
        x->sent = true;
    else
        answer_status(x, st);
}

static void send_message(struct exchange *x)
{
    struct problem problem = {.status = ST_OK};
    struct route_message m;
    size_t len;
    const char *body = http_request_body(x->http, &len);

    if (route_message_build(&m, &x->match, http_request_query(x->http), body, len, &problem) ==
        ST_OK)
        dispatch(x, m.data, m.len);
    else
        answer_problem(x, &problem);
    route_message_fini(&m);
}

/* ---- who asks ---- */

static void park(struct exchange *x)
{
    if (!key_ring_park(x->gw->keys, x))
        answer_status(x, authenticator_has_keys(x->gw->authenticator) ? ST_OVERLOADED
                                                                      : ST_UNAVAILABLE);
}

static void authenticate(struct exchange *x)
{
    const char *token = field_bearer(http_request_header(x->http, "Authorization"));
    const struct token_claims *claims;
    enum token_verdict verdict;

    if (!token) {
        answer_status(x, ST_UNAUTHENTICATED);
        return;
    }
    verdict = authenticator_check(x->gw->authenticator, token, &claims);
    if (verdict == TOKEN_UNKNOWN_KEY && !x->keys_asked) {
        park(x);
        return;
    }
    if (verdict != TOKEN_OK) {
        x->token_bad = true;
        answer_status(x, ST_UNAUTHENTICATED);
        return;
    }
    uuid_text(claims->subject, x->call.subject);
    TEXT_COPY(x->call.roles, claims->roles);
    send_message(x);
}

void exchange_keys_settled(struct exchange *x, bool fetched)
{
    x->keys_asked = true;
    if (fetched)
        authenticate(x);
    else
        answer_status(x, ST_UNAVAILABLE);
}

/* ---- the request ---- */

/* False after an answer. */
static bool read_fields(struct exchange *x)
{
    const struct route *route = x->match.route;
    const char *key = http_request_header(x->http, HEADER_IDEMPOTENCY_KEY);
    char list[HTTP_LIST_MAX];

    if (route->body && !field_is_json(http_request_header(x->http, "Content-Type"))) {
        answer_status(x, ST_UNSUPPORTED_TYPE);
        return false;
    }
    if (route->idempotency && key && !header_is_printable(key, CALL_IDEMPOTENCY_KEY_MAX)) {
        answer_invalid(x, "Idempotency-Key must be 1 to 128 printable ASCII characters.");
        return false;
    }
    if (route->idempotency && key)
        TEXT_COPY(x->call.idempotency_key, key);
    if (route->wait) {
        const char *prefer = http_request_list(x->http, HEADER_PREFER, list, sizeof(list));

        x->call.wait_ms = prefer ? header_wait_ms(prefer) : 0;
    }
    x->call.deadline_ms = clock_now_ms(x->call.clock) + route->timeout_ms + x->call.wait_ms;
    return true;
}

static void serve_built_in(struct exchange *x)
{
    struct problem problem = {.status = ST_OK};
    struct route_query query;

    if (route_query_read(&query, NULL, http_request_query(x->http), &problem) == ST_OK)
        answer_built_in(x);
    else
        answer_problem(x, &problem);
    route_query_fini(&query);
}

static void serve(struct exchange *x)
{
    if (x->match.route->built_in >= 0)
        serve_built_in(x);
    else if (!read_fields(x))
        return;
    else if (x->match.route->bearer)
        authenticate(x);
    else
        send_message(x);
}

void exchange_begin(struct gateway *gw, struct http_request *http)
{
    struct exchange *x = exchange_create(gw, http);

    switch (route_match(x->routing->table, http_request_method(http), http_request_path(http),
                        &x->match)) {
    case ROUTE_FOUND:
        serve(x);
        break;
    case ROUTE_BAD_PATH:
        answer_invalid(x, "The path holds what no path here may hold.");
        break;
    case ROUTE_NOT_FOUND:
        answer_status(x, ST_NOT_FOUND);
        break;
    case ROUTE_BAD_METHOD:
        answer_status(x, ST_METHOD_NOT_ALLOWED);
        break;
    }
}

void exchange_refuse(struct gateway *gw, struct http_request *http, const struct problem *problem)
{
    answer_problem(exchange_create(gw, http), problem);
}

void exchange_abandon(struct http_request *http)
{
    enum { CLIENT_CLOSED_REQUEST = 499 }; /* nginx's number for it, for log and metrics only */
    struct exchange *x = *http_request_data(http);

    if (x->sent)
        message_client_cancel(x->gw->run.client, x->token);
    if (x->parked)
        key_ring_unpark(x->gw->keys, x);
    exchange_end(x, CLIENT_CLOSED_REQUEST);
}
