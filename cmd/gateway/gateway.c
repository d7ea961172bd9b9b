/* gateway.c - wiring, and what a process is asked from outside: ready, drain, reload. */
#include "cmd/gateway/gateway.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/gateway/admission.h"
#include "cmd/gateway/asker.h"
#include "cmd/gateway/issuers.h"
#include "cmd/gateway/key_ring.h"
#include "cmd/gateway/live.h"
#include "cmd/gateway/routes_bucket.h"
#include "cmd/gateway/routing.h"
#include "cmd/gateway/shared_answers.h"
#include "middleware/asyncapi.h"
#include "protocol/events.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"
#include "tool/service/version.h"

static void set_gauges(void *self)
{
    struct gateway *gw = self;

    metric_set(gw->connections, http_server_connections(gw->server));
    metric_set(gw->waiting, http_server_open(gw->server) - live_polls(gw->live));
}

/* After the port: so its turn comes when all answers of a turn have been given. */
static bool start_access_log(struct gateway *gw)
{
    if (!gw->access_file[0])
        return true;
    gw->access =
        access_log_create(gw->run.loop, gw->run.metrics, gw->access_file, gw->access_format);
    if (!gw->access)
        log_error("no access log", LOG_TEXT("file", gw->access_file),
                  LOG_TEXT("why", strerror(errno)));
    return gw->access != NULL;
}

static bool open_issuers(struct gateway *gw)
{
    char why[ISSUER_WHY_MAX + 1];

    gw->issuers = issuers_create(&(struct issuers_config){.file = gw->issuers_file,
                                                          .own = gw->token_issuer,
                                                          .authenticator = gw->authenticator,
                                                          .loop = gw->run.loop,
                                                          .clock = gw->run.clock},
                                 why);
    if (!gw->issuers)
        log_error("no issuers", LOG_TEXT("why", why));
    return gw->issuers != NULL;
}

enum status gateway_start(void *self, const struct service_run *run)
{
    struct gateway *gw = self;
    char route_why[ROUTE_WHY_MAX + 1];
    char *text;
    size_t len;

    gw->run = *run;
    gw->routing = routing_load(gw->routes_file, NULL, gw->site_dir, run->metrics, run->clock, NULL,
                               route_why);
    if (!gw->routing) {
        log_error("no routes", LOG_TEXT("why", route_why));
        return ST_INVALID;
    }
    ASSERT(trusted_proxies_parse(gw->trusted_proxies, &gw->trust.proxies)); /* has been checked */
    trace_ids_init(&gw->trace_ids, run->entropy);
    docs_page_init(&gw->docs);
    text = asyncapi_build(event_type_at, HANOK_VERSION, &len);
    document_init(&gw->asyncapi, text, len);
    gw->admission = admission_create(&(struct admission_config){
        .clock = run->clock,
        .entropy = run->entropy,
        .metrics = run->metrics,
        .off = !gw->rate_limit,
    });
    gw->authenticator = authenticator_create(&(struct authenticator_config){
        .issuer = gw->token_issuer,
        .audience = gw->token_audience,
        .clock = run->clock,
        .entropy = run->entropy,
    });
    gw->shared = shared_answers_create(run->clock, run->entropy);
    gw->connections =
        metrics_gauge(run->metrics, "hanok_http_connections", "Open connections.", "");
    gw->waiting = metrics_gauge(run->metrics, "hanok_http_requests_waiting",
                                "Requests waiting for a service.", "");
    gw->keys = key_ring_create(&(struct key_ring_config){
        .authenticator = gw->authenticator,
        .shared = gw->shared,
        .client = run->client,
        .link = run->link,
        .loop = run->loop,
        .clock = run->clock,
        .entropy = run->entropy,
        .trace_ids = &gw->trace_ids,
    });
    gw->live = live_create(&(struct live_config){
        .link = run->link,
        .loop = run->loop,
        .clock = run->clock,
        .metrics = run->metrics,
        .max = (unsigned)gw->live_max,
        .max_of_caller = gw->rate_limit ? (unsigned)gw->live_max_of_caller : 0,
        .beat_ms = gw->live_beat_ms,
    });
    if (!open_issuers(gw))
        return ST_INVALID;
    if (!port_open(gw) || !start_access_log(gw))
        return ST_UNAVAILABLE;
    turns_begin(&gw->turns, run);
    gw->asker = asker_create(&(struct asker_config){
        .client = run->client,
        .loop = run->loop,
        .clock = run->clock,
        .entropy = run->entropy,
        .metrics = run->metrics,
    });
    if (gw->routes_bucket[0])
        gw->bucket = routes_bucket_create(&(struct routes_bucket_config){
            .name = gw->routes_bucket,
            .client = run->client,
            .link = run->link,
            .loop = run->loop,
            .changed = gateway_take_bucket,
            .arg = gw,
        });
    metrics_add_collector(run->metrics, set_gauges, gw);
    return ST_OK;
}

void gateway_stop(void *self)
{
    struct gateway *gw = self;

    port_close(gw); /* first: it takes the requests back that the others hold */
    access_log_destroy(gw->access);
    live_destroy(gw->live);
    asker_destroy(gw->asker);
    key_ring_destroy(gw->keys);
    issuers_destroy(gw->issuers);
    authenticator_destroy(gw->authenticator);
    shared_answers_destroy(gw->shared);
    admission_destroy(gw->admission);
    routes_bucket_destroy(gw->bucket);
    free(gw->bucket_text);
    routing_give(gw->routing);
    document_fini(&gw->asyncapi);
}

void gateway_drain(void *self)
{
    struct gateway *gw = self;

    http_server_drain(gw->server);
    live_drain(gw->live); /* who waits comes back to another gateway */
}

bool gateway_busy(void *self)
{
    const struct gateway *gw = self;

    return http_server_busy(gw->server);
}

void gateway_late(void *self)
{
    port_close(self); /* those who wait are told that it is going down */
}

bool gateway_ready(void *self, const char **why)
{
    const struct gateway *gw = self;

    *why = authenticator_has_keys(gw->authenticator)
               ? "clients are let in in a moment"
               : "auth has not told yet by which keys tokens are checked";
    return authenticator_has_keys(gw->authenticator) && gw->port.open;
}

static void reload_issuers(struct gateway *gw)
{
    char why[ISSUER_WHY_MAX + 1];

    if (issuers_reload(gw->issuers, why))
        log_info("issuers read again", LOG_INT("issuers", (int64_t)issuers_count(gw->issuers)));
    else
        log_error("issuers not changed", LOG_TEXT("why", why));
}

/* text NULL: those of the file. What is wrong changes nothing. */
static bool take_routes(struct gateway *gw, const char *text)
{
    char why[ROUTE_WHY_MAX + 1];
    struct routing *fresh =
        routing_load(text ? gw->routes_bucket : gw->routes_file, text, gw->site_dir,
                     gw->run.metrics, gw->run.clock, gw->routing, why);

    if (!fresh) {
        log_error("routes not changed", LOG_TEXT("why", why));
        return false;
    }
    routing_give(gw->routing);
    gw->routing = fresh;
    shared_answers_forget(gw->shared);
    log_info("routes read again", LOG_INT("routes", (int64_t)fresh->table->n),
             LOG_TEXT("bucket", text ? gw->routes_bucket : NULL),
             LOG_INT("files", fresh->site ? (int64_t)site_size(fresh->site) : 0));
    return true;
}

void gateway_take_bucket(void *self, const char *text)
{
    struct gateway *gw = self;

    if (!take_routes(gw, text))
        return;
    free(gw->bucket_text);
    gw->bucket_text = text ? mem_strdup(text) : NULL;
}

static void reload_routes(struct gateway *gw)
{
    access_log_reopen(gw->access);
    entry_reload(gw);
    take_routes(gw, gw->bucket_text);
}

void gateway_reload(void *self)
{
    reload_routes(self);
    reload_issuers(self);
}

static void print_asyncapi(void)
{
    size_t len;
    char *document = asyncapi_build(event_type_at, HANOK_VERSION, &len);

    fputs(document, stdout);
    fputc('\n', stdout);
    free(document);
}

bool gateway_tells(void *self)
{
    const struct gateway *gw = self;

    if (gw->routes_help)
        routing_help(stdout);
    if (gw->routes_schema)
        routing_schema(stdout);
    if (gw->issuers_help)
        issuer_help_write(stdout);
    if (gw->asyncapi_told)
        print_asyncapi();
    return gw->routes_help || gw->routes_schema || gw->issuers_help || gw->asyncapi_told;
}

void gateway_more_calls(void *self, subject_fn say, void *arg)
{
    struct gateway *gw = self;
    char subject[ROUTES_BUCKET_SUBJECT_MAX + 1];

    routing_subjects(gw->routes_file, say, arg);
    if (gw->routes_bucket[0]) {
        routes_bucket_subject(gw->routes_bucket, subject);
        say(arg, subject);
    }
}

void gateway_listens(void *self, subject_fn say, void *arg)
{
    struct gateway *gw = self;

    routing_listens(gw->routes_file, say, arg);
}
