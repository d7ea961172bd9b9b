/* routing.c - loading routes, and counting by them. */
#include "cmd/gateway/routing.h"

#include <stdio.h>
#include <string.h>

#include "cmd/gateway/built_in.h"
#include "cmd/gateway/in_flight.h"
#include "cmd/gateway/watch.h"
#include "middleware/openapi.h"
#include "middleware/route_help.h"
#include "middleware/route_schema.h"
#include "protocol/gateway.h"
#include "tool/core/mem.h"
#include "tool/service/version.h"

static const char *const BUILT_IN[] = {
    [BUILT_IN_WELCOME] = "/welcome",
    [BUILT_IN_HEALTH] = "/health",
    [BUILT_IN_OPENAPI] = "/openapi.json",
    [BUILT_IN_ASYNCAPI] = "/asyncapi.json",
    [BUILT_IN_DOCS] = "/docs",
    NULL,
};

/* clang-format off */
/* What the document says of them. */
static const struct told {
    const char *summary;
    const struct descriptor *reply;
    const char *media_type;
    bool etag, or_503;
} BUILT_IN_TOLD[] = {
    [BUILT_IN_WELCOME] = {"Who is there", .reply = &WELCOME},
    [BUILT_IN_HEALTH] = {"Whether requests can be served", .reply = &HEALTH, .or_503 = true},
    [BUILT_IN_OPENAPI] = {"This document", .etag = true},
    [BUILT_IN_ASYNCAPI] = {"The events, as AsyncAPI", .etag = true},
    [BUILT_IN_DOCS] = {"This document, for people", .media_type = "text/html"},
};
/* clang-format on */

static struct openapi_route describe(const struct route *route)
{
    struct openapi_route told = {
        .method = route->method,
        .path = route->path,
        .op = route->op,
        .success_status = route->status,
        .bearer = route->bearer,
        .fresh = route->fresh,
        .raw = route->raw,
        .headers = &route->headers,
        .roles = word_list_next(&route->roles, NULL) != NULL,
        .body = route->body,
        .prefer = route->wait,
        .idempotency_key = route->idempotency,
        .location = route->location.n > 0,
        .etag = route->etag || route->cache.who == CACHE_ANYBODY,
        .live = watch_fits(route),
        .gather = &route->gather,
        .rate = route->rate[0] != '\0',
    };

    if (route->built_in >= 0) {
        const struct told *own = &BUILT_IN_TOLD[route->built_in];

        told.summary = own->summary;
        told.reply = own->reply;
        told.media_type = own->media_type;
        told.etag = own->etag;
        told.or_503 = own->or_503;
    }
    return told;
}

static void build_openapi(struct routing *routing)
{
    size_t n = routing->table->n, len;
    char *text;
    struct openapi_route *routes = mem_alloc(n, sizeof(*routes));

    for (size_t i = 0; i < n; i++)
        routes[i] = describe(&routing->table->routes[i]);
    text = openapi_build(routes, n, HANOK_VERSION, &len);
    document_init(&routing->openapi, text, len);
    free(routes);
}

struct routing *routing_load(const char *file, const char *text, const char *site_dir,
                             struct metrics *metrics, const struct clock *clock,
                             const struct routing *before, char why[ROUTE_WHY_MAX + 1])
{
    struct route_table *table =
        text ? route_table_parse(file, text, BUILT_IN, why) : route_table_load(file, BUILT_IN, why);
    struct site *site = table && site_dir[0] ? site_load(site_dir, table, why) : NULL;
    struct routing *routing;

    if (!table || (site_dir[0] && !site)) {
        free(table);
        return NULL;
    }
    routing = MEM_NEW(struct routing);
    *routing = (struct routing){.refs = 1, .metrics = metrics, .table = table, .site = site};
    routing->stats = mem_alloc(table->n + 1, sizeof(*routing->stats));
    routing->in_flights =
        in_flights_create(table, clock, metrics, before ? before->in_flights : NULL);
    build_openapi(routing);
    return routing;
}

const char *routing_check(const void *file)
{
    static _Thread_local char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_load(file, BUILT_IN, why);

    if (!table)
        return why;
    free(table);
    return NULL;
}

void routing_help(FILE *out)
{
    route_help_write(out, BUILT_IN);
}

void routing_schema(FILE *out)
{
    size_t len;
    char *text = route_schema_build(&len);

    fprintf(out, "%s\n", text);
    free(text);
}

void routing_subjects(const char *file, subject_fn say, void *arg)
{
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_load(file, BUILT_IN, why);

    for (size_t i = 0; table && i < table->n; i++) {
        const struct route *route = &table->routes[i];

        for (size_t k = 0; k < route->gather.n; k++)
            say(arg, route->gather.rows[k].subject);
        if (route->built_in < 0 && route->gather.n == 0)
            say(arg, route->subject);
        if (route->fallback.subject[0])
            say(arg, route->fallback.subject);
    }
    free(table);
}

void routing_listens(const char *file, subject_fn say, void *arg)
{
    char why[ROUTE_WHY_MAX + 1];
    struct route_table *table = route_table_load(file, BUILT_IN, why);

    for (size_t i = 0; table && i < table->n; i++)
        if (watch_fits(&table->routes[i]))
            live_subjects(table->routes[i].subject, say, arg);
    free(table);
}

struct routing *routing_take(struct routing *routing)
{
    routing->refs++;
    return routing;
}

void routing_give(struct routing *routing)
{
    if (!routing || --routing->refs > 0)
        return;
    for (size_t i = 0; i <= routing->table->n; i++)
        metrics_by_status_destroy(routing->stats[i].requests);
    free(routing->table);
    free(routing->stats);
    in_flights_destroy(routing->in_flights);
    document_fini(&routing->openapi);
    site_destroy(routing->site);
    free(routing);
}

const char *routing_label(const struct route *route)
{
    return route ? route->path : "-";
}

/* Made when the route is asked for first: routes nobody uses have no empty histogram. */
static void make_stats(struct routing *routing, const struct route *route,
                       struct route_stats *stats)
{
    char labels[ROUTE_PATH_MAX + 64] = "";

    metrics_label(labels, sizeof(labels), "route", routing_label(route));
    stats->requests = metrics_by_status_create(routing->metrics, "hanok_http_requests_total",
                                               "Requests answered.", labels);
    stats->seconds = metrics_histogram(routing->metrics, "hanok_http_request_seconds",
                                       "Time from a whole request to its answer.", labels);
}

void routing_count(struct routing *routing, const struct route *route, int status, int64_t us)
{
    size_t index = route ? (size_t)(route - routing->table->routes) : routing->table->n;
    struct route_stats *stats = &routing->stats[index];

    if (!stats->requests)
        make_stats(routing, route, stats);
    metrics_by_status_add(stats->requests, status);
    metric_observe_us(stats->seconds, us);
}
