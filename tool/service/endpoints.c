/* endpoints.c - prepares the rows and hands requests to their pools. */
#include "tool/service/endpoints.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/json_text.h"
#include "tool/core/mem.h"
#include "tool/encoder/schema.h"
#include "tool/metrics/by_status.h"
#include "tool/resilience/breaker.h"
#include "tool/service/refusal_counts.h"
#include "tool/service/task.h"
#include "tool/service/traits.h"
#include "tool/service/version.h"

enum { SCHEMA_MAX = 32 * 1024, EVENTS_TEXT_MAX = 4095 };

struct endpoints {
    const struct service *service;
    struct endpoint_run *served;
    size_t n;
    struct breakers *breakers;
    struct wait_room *room;
    struct responder_spec *specs;
    struct responder *server;
};

static void on_request(void *arg, struct responder_request *request)
{
    task_receive(arg, request);
}

static const struct endpoint *row_of(const struct service *service, const struct operation *op)
{
    for (size_t i = 0; op && i < service->n_endpoints; i++)
        if (service->endpoints[i].op == op)
            return &service->endpoints[i];
    return NULL;
}

struct wanted_schema {
    const struct descriptor *descriptor;
    unsigned flags;
};

static void write_schema(const void *arg, struct json_out *o)
{
    const struct wanted_schema *wanted = arg;

    encode_schema_as(wanted->descriptor, wanted->flags, o);
}

static char *schema_text(const struct descriptor *d, unsigned flags)
{
    struct json_text text;
    char *kept;

    ASSERT(json_text_write(&text, NULL, 0, SCHEMA_MAX, write_schema,
                           &(struct wanted_schema){d, flags}));
    kept = mem_strdup(text.text); /* for as long as the process lives: no byte more */
    json_text_fini(&text);
    return kept;
}

static void prepare(struct endpoint_run *served, struct endpoints *all, const struct endpoint *row,
                    void *self, const struct service_run *run, const struct pools *pools)
{
    const char *wait_pool = row->wait_pool ? row->wait_pool : row->pool;
    char label[160] = "";

    metrics_label(label, sizeof(label), "subject", row->op->subject);
    *served = (struct endpoint_run){
        .row = row,
        .self = (char *)self + row->self,
        .write = {row,           row_of(all->service, row->undoes), (char *)self + row->self, run->transactor,
                  run->barrier},
        .pool = row->pool ? pools_find(pools, row->pool) : NULL,
        .wait_pool = wait_pool ? pools_find(pools, wait_pool) : NULL,
        .kind = {.together_max = QUESTIONS_MAX},
        .loop = run->loop,
        .room = all->room,
        .sagas = run->sagas,
        .clock = run->clock,
        .seconds = metrics_histogram(run->metrics, "hanok_request_seconds",
                                     "From receiving a request to its answer.", label),
        .expired =
            metrics_counter(run->metrics, "hanok_requests_expired_total",
                            "Requests whose caller's time was over before they began.", label),
        .shed = metrics_counter(
            run->metrics, "hanok_requests_shed_total",
            "Requests refused at once, whose caller's time would be over in the queue.", label),
        .undeclared = metrics_counter(
            run->metrics, "hanok_undeclared_refusals_total",
            "Refusals, and a 202, that an operation does not declare: each is a bug.", label),
        .requests = metrics_by_status_create(run->metrics, "hanok_requests_total",
                                             "Requests answered.", label),
        .refusals = refusal_counts_create(run->metrics, row->op, label),
        .secret_request = traits_secret(row->op->request),
        .secret_reply = traits_secret(row->op->reply),
        .saga_in = traits_saga_id(row->op->request),
        .saga_out = traits_saga_id(row->op->reply),
        .request_schema = schema_text(row->op->request, SCHEMA_REQUEST),
        .reply_schema = schema_text(row->op->reply, 0),
    };
}

static void describe_breakers(void *arg, struct json_out *o)
{
    struct endpoints *all = arg;

    json_out_key(o, "breakers");
    json_out_open(o, '{');
    breakers_describe(all->breakers, o);
    json_out_close(o, '}');
}

static void add_word(char text[EVENTS_TEXT_MAX + 1], const char *word)
{
    size_t len = strlen(text);

    snprintf(text + len, EVENTS_TEXT_MAX + 1 - len, "%s%s", len > 0 ? " " : "", word);
}

/* Which events it says and which it hears: their types, a space apart. */
static void describe_events(void *arg, struct json_out *o)
{
    const struct service *service = ((const struct endpoints *)arg)->service;
    struct hearing_walk heard = {.rows = service->hears, .n = service->n_hears};
    char says[EVENTS_TEXT_MAX + 1] = "", hears[EVENTS_TEXT_MAX + 1] = "";

    for (size_t i = 0; service->says && service->says[i]; i++)
        add_word(says, service->says[i]->name);
    while (hearing_next(&heard))
        add_word(hears, heard.type->name);
    json_out_member(o, "says", says[0] ? says : NULL);
    json_out_member(o, "hears", hears[0] ? hears : NULL);
}

static struct responder *create_server(struct endpoints *all, const struct service *service,
                                       const struct service_run *run)
{
    struct responder_spec *specs = mem_alloc(all->n, sizeof(*specs));

    for (size_t i = 0; i < all->n; i++)
        specs[i] = (struct responder_spec){
            .subject = all->served[i].row->op->subject,
            .fn = on_request,
            .arg = &all->served[i],
            .request_schema = all->served[i].request_schema,
            .reply_schema = all->served[i].reply_schema,
            .everyone = all->served[i].row->everyone,
        };
    all->specs = specs;
    return responder_create(&(struct responder_config){
        .link = run->link,
        .loop = run->loop,
        .clock = run->clock,
        .metrics = run->metrics,
        .name = service->name,
        .version = HANOK_VERSION,
        .description = service->summary,
        .endpoints = specs,
        .n_endpoints = all->n,
        .metadata = describe_events,
        .stats_data = describe_breakers,
        .arg = all,
    });
}

struct endpoints *endpoints_create(const struct service *service,
                                   const struct endpoint_group *groups, size_t n_groups,
                                   const struct service_run *run, const struct pools *pools)
{
    struct endpoints *all = MEM_NEW(struct endpoints);
    struct endpoint_run *next;

    all->service = service;
    for (size_t i = 0; i < n_groups; i++)
        all->n += groups[i].n;
    next = all->served = mem_alloc(all->n, sizeof(*all->served));
    all->breakers = run->breakers;
    all->room = wait_room_create(run->loop, run->clock, sizeof(struct saga_view));
    for (size_t g = 0; g < n_groups; g++)
        for (size_t i = 0; i < groups[g].n; i++)
            prepare(next++, all, &groups[g].rows[i], groups[g].self, run, pools);
    if (all->n > 0)
        all->server = create_server(all, service, run);
    return all;
}

void endpoints_stop(struct endpoints *all)
{
    if (all->server)
        responder_stop(all->server);
    wait_room_close(all->room);
}

unsigned endpoints_open(const struct endpoints *all)
{
    return all->server ? responder_open(all->server) : 0;
}

void endpoints_destroy(struct endpoints *all)
{
    if (!all)
        return;
    responder_destroy(all->server);
    wait_room_destroy(all->room);
    for (size_t i = 0; i < all->n; i++) {
        metrics_by_status_destroy(all->served[i].requests);
        free(all->served[i].refusals);
        free(all->served[i].request_schema);
        free(all->served[i].reply_schema);
    }
    free(all->specs);
    free(all->served);
    free(all);
}

void endpoints_saga_ended(struct endpoints *all, const struct saga_view *end)
{
    wait_room_tell(all->room, end->id, end);
}
