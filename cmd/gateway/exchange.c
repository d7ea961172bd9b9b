/* exchange.c - from a request to a message, and back. */
#include <stdlib.h>
#include <string.h>

#include "cmd/gateway/built_in.h"
#include "cmd/gateway/cors.h"
#include "cmd/gateway/exchange_private.h"
#include "cmd/gateway/record.h"
#include "cmd/gateway/request_fields.h"
#include "cmd/gateway/site_answer.h"
#include "middleware/route_message.h"
#include "middleware/route_query.h"
#include "tool/core/mem.h"
#include "tool/http/http_request.h"

static struct exchange *exchange_create(struct gateway *gw, struct http_request *http)
{
    struct exchange *x = MEM_NEW(struct exchange);
    char list[HTTP_LIST_MAX];

    x->gw = gw;
    x->http = http;
    x->routing = routing_take(gw->routing);
    x->call.clock = gw->run.clock;
    x->begun_us = clock_wall_us(gw->run.clock);
    trace_ids_give(&gw->trace_ids, http_request_header(http, HEADER_REQUEST_ID),
                   http_request_header(http, HEADER_TRACEPARENT),
                   http_request_list(http, HEADER_TRACESTATE, list, sizeof(list)), &x->call);
    x->https = request_client_read(http, &gw->trust, &x->call) || gw->entry.tls;
    *http_request_data(http) = x;
    return x;
}

/* ---- the end ---- */

/* Records and frees it; the answer has been handed over. */
static void end(struct exchange *x, int http_status, size_t bytes)
{
    in_flight_leave(&x->in_flight);
    exchange_release(x);
    record_request(x->gw, &(struct record){
                              .call = &x->call,
                              .http = x->http,
                              .routing = x->routing,
                              .route = x->match.route,
                              .token_bad = x->token_bad,
                              .begun_us = x->begun_us,
                              .status = http_status,
                              .bytes = bytes,
                          });
    watch_end(&x->watch);
    routing_give(x->routing);
    free(x->shared_key);
    free(x);
}

struct asked exchange_asked(const struct exchange *x)
{
    return (struct asked){.http = x->http,
                          .match = &x->match,
                          .request_id = x->call.request_id,
                          .bearer_bad = x->token_bad != NULL};
}

void exchange_answer(struct exchange *x, struct answer *a,
                     void (*send)(struct http_request *, const struct http_response *))
{
    struct rated_text rate;
    struct asked asked = exchange_asked(x);

    if (x->match.route && watch_fits(x->match.route))
        answer_vary(a, "Accept"); /* or a cache tells JSON to who wants a stream */
    cors_add(a, &asked, x->routing->table);
    answer_complete(a, &asked);
    security_headers_add(&x->gw->security, x->https, &a->res);
    rated_add_headers(&x->rated, &a->res, &rate);
    send(x->http, &a->res);
}

void exchange_finish(struct exchange *x, struct answer *a)
{
    struct asked asked = exchange_asked(x);

    if (!watch_close(&x->watch, a))
        exchange_answer(x, a, http_respond);
    end(x, a->res.status, answer_bytes(a, &asked));
}

void exchange_deny(struct exchange *x, const struct problem *problem)
{
    struct asked asked = exchange_asked(x);
    struct answer a;

    answer_problem(&a, &asked, problem);
    exchange_finish(x, &a);
}

void exchange_fail(struct exchange *x, enum status st)
{
    if (!watch_takes(&x->watch, st, NULL))
        exchange_deny(x, &(struct problem){.status = st});
}

/* Counts it by the class of its route; false: it has been refused. */
static bool count_rate(struct exchange *x)
{
    const char *rate = x->match.route->rate;
    const struct rate_class *class =
        rate[0] ? rate_class_for(&x->routing->table->rates, rate, &x->call) : NULL;

    if (watch_waits(&x->watch) || admission_rate(x->gw->admission, class, &x->call, &x->rated))
        return true;
    exchange_deny(x, &(struct problem){.status = ST_LIMITED,
                                       .retry_after_s = rate_class_retry_after_s(&x->rated.level)});
    return false;
}

/* ---- the message ---- */

static void finish_shared(struct exchange *x, const struct shared_answer *shared)
{
    struct asked asked = exchange_asked(x);
    struct answer a;

    answer_shared(&a, &asked, shared, shared_answers_age_s(x->gw->shared, shared));
    exchange_finish(x, &a);
}

/* False when the row says nothing that is answered for a service that does not. */
static bool fall_back(struct exchange *x)
{
    const struct route *route = x->match.route;
    struct answer a;

    if (!route->fallback.json[0] || watch_has_seen(&x->watch))
        return false;
    asker_falls_back(x->gw->asker, route->subject);
    answer_json(&a, route->fallback.json, strlen(route->fallback.json));
    exchange_finish(x, &a);
    return true;
}

static void on_reply(void *arg, enum status st, const struct message *reply)
{
    struct exchange *x = arg;
    const struct shared_answer *shared = NULL;
    struct asked asked = exchange_asked(x);
    struct answer a;

    in_flight_answered(&x->in_flight, &x->call, st, reply);
    if (st == ST_OK && x->shared_key)
        shared = shared_answers_keep(x->gw->shared, x->match.route, x->shared_key, reply);
    if (shared) {
        finish_shared(x, shared);
        return;
    }
    if (watch_takes(&x->watch, st, reply) || (asking_has_failed(st, reply) && fall_back(x)))
        return;
    if (st == ST_OK)
        answer_reply(&a, &asked, reply);
    else
        answer_problem(&a, &asked, &(struct problem){.status = st});
    exchange_finish(x, &a);
}

static void inquire(struct exchange *x, struct inquiry inquiry)
{
    enum status st = asking_begin(&x->asking, x->gw->asker, &inquiry, &x->call, on_reply, x);

    if (st != ST_OK && !fall_back(x))
        exchange_hold(x, st);
}

/* It may go to the service; false: it is refused, or waits. */
static bool enter(struct exchange *x)
{
    if (turns_enter(&x->gw->turns) &&
        in_flight_enter(x->routing->in_flights, x->match.route, &x->in_flight))
        return true;
    if (!fall_back(x))
        exchange_hold(x, ST_OVERLOADED);
    return false;
}

static void send_message(struct exchange *x)
{
    const struct shared_answer *shared;
    struct problem problem;
    struct route_message m;
    enum status st;
    size_t len;
    const char *body = http_request_body(x->http, &len);

    if (x->match.route->gather.n > 0) {
        if (enter(x))
            exchange_gather(x);
        return;
    }
    if ((st = exchange_watch(x)) != ST_OK) {
        exchange_fail(x, st);
        return;
    }
    problem_clear(&problem);
    if (route_message_build(&m, &x->match, http_request_query(x->http), body, len, &problem) !=
        ST_OK)
        exchange_deny(x, &problem);
    else if (!watch_waits(&x->watch) && (shared = shared_answers_find(x->gw->shared, x->match.route,
                                                                      &m, &x->shared_key)) != NULL)
        finish_shared(x, shared);
    else if (enter(x))
        inquire(x, asking_for_route(x->match.route, x->match.route->subject, m.data, m.len));
    route_message_fini(&m);
}

/* ---- who asks ---- */

/* The caller is known; what may be asked is left to who answers, but for the row's own roles. */
static void let_in(struct exchange *x)
{
    if (route_lets_in(x->match.route, &x->call))
        send_message(x);
    else
        exchange_fail(x, ST_FORBIDDEN);
}

/* The token, or its session, is no good. */
static void refuse_bearer(struct exchange *x, const char *why)
{
    x->token_bad = why;
    exchange_fail(x, ST_UNAUTHENTICATED);
}

static void on_checked(struct caller *caller, enum status st, const char *bad)
{
    struct exchange *x = container_of(caller, struct exchange, caller);

    if (bad)
        refuse_bearer(x, bad);
    else if (st != ST_OK)
        exchange_fail(x, st);
    else
        let_in(x);
}

static void check_session(struct exchange *x)
{
    x->caller.known = on_checked;
    caller_check(&x->caller);
}

/* Who tries tokens is counted too, and told no more about them when those are too many. */
static void on_caller(struct caller *caller, enum status st, const char *bad)
{
    struct exchange *x = container_of(caller, struct exchange, caller);

    if (st != ST_OK && st != ST_UNAUTHENTICATED)
        exchange_fail(x, st);
    else if (!count_rate(x))
        return;
    else if (st == ST_OK && x->match.route->fresh)
        check_session(x);
    else
        on_checked(caller, st, bad);
}

static void authenticate(struct exchange *x)
{
    x->caller = (struct caller){
        .gw = x->gw,
        .authorization = http_request_header(x->http, "Authorization"),
        .call = &x->call,
        .asking = &x->asking,
        .known = on_caller,
    };
    caller_find(&x->caller);
}

/* ---- the request ---- */

static void serve_built_in(struct exchange *x)
{
    const struct asked asked = exchange_asked(x);
    const struct built_in_facts facts = {
        .nats = link_is_up(x->gw->run.link),
        .token_keys = authenticator_has_keys(x->gw->authenticator),
        .asked = &asked,
        .openapi = &x->routing->openapi,
        .asyncapi = &x->gw->asyncapi,
        .docs = &x->gw->docs,
    };
    struct answer a;

    built_in_answer(&a, (enum built_in)x->match.route->built_in, &facts);
    exchange_finish(x, &a);
}

void exchange_go_on(struct exchange *x)
{
    if (x->match.route->bearer)
        authenticate(x);
    else if (count_rate(x))
        send_message(x);
}

static void serve(struct exchange *x)
{
    struct problem problem;

    problem_clear(&problem);
    if (x->match.route->built_in >= 0)
        serve_built_in(x);
    else if (request_fields_read(x->http, &x->match, &x->call, &problem) != ST_OK)
        exchange_deny(x, &problem);
    else
        exchange_go_on(x);
}

static void tell_options(struct exchange *x)
{
    struct asked asked = exchange_asked(x);
    struct answer a;

    cors_answer_options(&a, &asked, x->routing->table);
    exchange_finish(x, &a);
}

/* No route is for it; otherwise: why, where no file is either. */
static void serve_file(struct exchange *x, enum status otherwise)
{
    struct asked asked = exchange_asked(x);
    struct answer a;

    switch (site_answer(&a, &asked, x->routing->site, x->routing->table, x->gw->site_policy)) {
    case SITE_ANSWERED:
        exchange_finish(x, &a);
        break;
    case SITE_OTHER_METHOD:
        if (!x->match.allow[0])
            TEXT_COPY(x->match.allow, "GET, HEAD, OPTIONS");
        if (cors_is_options(x->http))
            tell_options(x);
        else
            exchange_fail(x, ST_METHOD_NOT_ALLOWED);
        break;
    case SITE_NOTHING:
        exchange_fail(x, otherwise);
        break;
    }
}

void exchange_begin(void *gateway, struct http_request *http)
{
    struct exchange *x = exchange_create(gateway, http);

    if (cors_is_options(http) && strcmp(http_request_path(http), "*") == 0) {
        tell_options(x);
        return;
    }
    switch (route_match(x->routing->table, http_request_method(http), http_request_path(http),
                        &x->match)) {
    case ROUTE_FOUND:
        serve(x);
        break;
    case ROUTE_BAD_PATH:
        exchange_deny(x, &(struct problem){.status = ST_INVALID,
                                           .detail = "The path holds what no path here may hold."});
        break;
    case ROUTE_NOT_FOUND:
        serve_file(x, ST_NOT_FOUND);
        break;
    case ROUTE_BAD_METHOD:
        if (cors_is_options(http))
            tell_options(x);
        else
            serve_file(x, ST_METHOD_NOT_ALLOWED);
        break;
    }
}

void exchange_refuse(void *gateway, struct http_request *http, const struct problem *problem)
{
    exchange_deny(exchange_create(gateway, http), problem);
}

void exchange_abandon(void *gateway, struct http_request *http)
{
    enum { CLIENT_CLOSED_REQUEST = 499 }; /* nginx's number for it, for log and metrics only */
    struct exchange *x = *http_request_data(http);

    (void)gateway;
    asking_cancel(&x->asking);
    gathering_cancel(x->gathering);
    caller_leave(&x->caller);
    end(x, CLIENT_CLOSED_REQUEST, 0);
}
