/* watch.c - see watch.h. */
#include "cmd/gateway/watch.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/gateway/event_stream.h"
#include "middleware/field_value.h"
#include "tool/core/header.h"
#include "tool/core/mem.h"
#include "tool/http/http_stream.h"

static const char COMMENT[] = ":\n\n";

/* ---- what live.h calls ---- */

static void look(struct live_waiter *waiter)
{
    struct watch *w = container_of(waiter, struct watch, waiter);

    w->ops->ask(w);
}

static void beat(struct live_waiter *waiter)
{
    struct watch *w = container_of(waiter, struct watch, waiter);

    if (w->streaming)
        http_stream_tell(w->http, COMMENT, strlen(COMMENT)); /* who is slow is told later */
}

static void over(struct live_waiter *waiter)
{
    struct watch *w = container_of(waiter, struct watch, waiter);
    struct asked asked = w->ops->asked(w);
    struct answer a;

    if (w->streaming)
        a.res = (struct http_response){.status = 200};
    else if (w->failed != ST_OK)
        answer_problem(&a, &asked, &(struct problem){.status = w->failed});
    else
        answer_unchanged(&a, &asked, w->etag);
    w->ops->answer(w, &a);
}

static const struct live_ops LIVE_OPS = {look, beat, over};

/* ---- who waits ---- */

/* The last parameter of the path is what a route is about. */
static const char *key_of(const struct route_match *match)
{
    return match->n_params > 0 ? match->params[match->n_params - 1].value : "";
}

static int32_t wait_ms(const struct http_request *http)
{
    char list[HTTP_LIST_MAX];
    const char *prefer = http_request_header(http, "If-None-Match")
                             ? http_request_list(http, HEADER_PREFER, list, sizeof(list))
                             : NULL;

    return prefer ? header_wait_up_to_ms(prefer, WATCH_WAIT_MAX_S) : 0;
}

static bool wants_stream(const struct http_request *http)
{
    char list[HTTP_LIST_MAX];

    return field_accepts(http_request_list(http, "Accept", list, sizeof(list)),
                         "text/event-stream");
}

bool watch_fits(const struct route *route)
{
    return route->etag && route->built_in < 0 && strcmp(route->method, "GET") == 0;
}

enum status watch_begin(struct watch *w, const struct watch_ops *ops, struct live *live,
                        struct http_request *http, const struct route_match *match,
                        const struct call *call)
{
    const struct route *route = match->route;
    struct live_wish wish = {.subject = route->subject, .key = key_of(match)};
    bool stream;
    int32_t ms = 0;

    if (w->kind != WATCH_NONE || !watch_fits(route) ||
        strcmp(http_request_method(http), "GET") != 0)
        return ST_OK;
    stream = wants_stream(http);
    if (!stream && (ms = wait_ms(http)) == 0)
        return ST_OK;
    w->waiter.ops = &LIVE_OPS;
    wish.caller = call->user[0] ? call->user : call->client;
    wish.wait_ms = ms;
    if (!live_enter(live, &w->waiter, &wish))
        return stream ? ST_OVERLOADED : ST_OK; /* who polls is told what there is now */
    w->ops = ops;
    w->http = http;
    w->kind = stream ? WATCH_STREAM : WATCH_POLL;
    return ST_OK;
}

bool watch_has_seen(const struct watch *w)
{
    return w->seen;
}

bool watch_waits(const struct watch *w)
{
    return w->kind != WATCH_NONE;
}

void watch_end(struct watch *w)
{
    live_leave(&w->waiter);
}

/* ---- replies ---- */

static bool is_passing(enum status st)
{
    return st == ST_UNAVAILABLE || st == ST_OVERLOADED || st == ST_TIMEOUT;
}

static void tell(struct watch *w, const struct message *reply)
{
    size_t len, event_len;
    const char *json = message_data(reply, &len);
    char *event = event_stream_write(w->missed ? "resync" : NULL, w->etag, json, len, &event_len);

    w->missed = !http_stream_tell(w->http, event, event_len);
    free(event);
}

/* A snapshot, then each version that the client is quick enough for. Who comes back and has the
 * present one is told nothing new. */
static void stream_takes(struct watch *w, const struct message *reply, bool is_new)
{
    const char *last = http_request_header(w->http, "Last-Event-ID");
    struct answer head;

    if (!w->streaming) {
        w->streaming = true;
        answer_events(&head);
        w->ops->begin(w, &head);
        if (last && event_stream_is_id(last, w->etag)) {
            http_stream_tell(w->http, COMMENT, strlen(COMMENT));
            return;
        }
    }
    if (is_new || w->missed)
        tell(w, reply);
}

static bool takes_version(struct watch *w, const struct message *reply, const char *etag)
{
    struct asked asked = w->ops->asked(w);
    bool is_new = !w->seen || strcmp(w->etag, etag) != 0;

    w->seen = true;
    w->failed = ST_OK;
    text_copy(w->etag, sizeof(w->etag), etag);
    if (w->kind == WATCH_STREAM)
        stream_takes(w, reply, is_new);
    else if (!answer_is_known(&asked, etag))
        return false;
    live_rest(&w->waiter, w->missed);
    return true;
}

bool watch_takes(struct watch *w, enum status st, const struct message *reply)
{
    const char *etag = st == ST_OK ? message_header(reply, HEADER_ETAG) : NULL;

    if (w->kind == WATCH_NONE)
        return false;
    st = st == ST_OK ? message_status(reply) : st;
    if (st == ST_OK && etag && strlen(etag) <= WATCH_ETAG_MAX)
        return takes_version(w, reply, etag);
    if (!w->seen || !is_passing(st))
        return false;
    w->failed = st;
    live_rest(&w->waiter, true);
    return true;
}

bool watch_close(struct watch *w, const struct answer *a)
{
    size_t len;
    char *event;

    if (!w->streaming)
        return false;
    if (a->res.len > 0) {
        event = event_stream_write("problem", NULL, a->res.body, a->res.len, &len);
        http_stream_tell(w->http, event, len);
        free(event);
    }
    http_stream_end(w->http);
    return true;
}
