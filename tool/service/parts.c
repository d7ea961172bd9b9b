/* parts.c - from settings to a service that runs, and back. */
#include "tool/service/parts.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/job/mysql/lease_mysql.h"
#include "tool/encoder/field_walk.h"
#include "tool/resilience/breaker.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/saga/mysql/saga_store_mysql.h"
#include "tool/service/stores.h"
#include "tool/service/table_check.h"
#include "tool/service/version.h"

enum { GROUPS_MAX = 8, SAGA_QUEUE = 1024, JOB_THREADS = 2 };

enum setting_verdict parts_load(struct parts *parts, const struct service *service, int argc,
                                char **argv)
{
    struct setting_group groups[GROUPS_MAX];
    char text[256];
    const char *fault = table_fault(service, text, sizeof(text));
    size_t n = 0;

    *parts = (struct parts){.service = service, .self = mem_alloc(1, service->size)};
    pools_init(&parts->pools, service->pools, service->n_pools);
    if (fault) {
        fprintf(stderr, "hanok-%s: %s\n", service->name, fault);
        return SETTING_EXIT_BAD;
    }
    groups[n++] = (struct setting_group){service->settings, service->n_settings, parts->self};
    groups[n++] = service_flag_group(&parts->flags);
    groups[n++] = nats_setting_group(&parts->nats);
    groups[n++] = common_setting_group(&parts->common);
    groups[n++] = pools_setting_group(&parts->pools);
    if (service->database) {
        groups[n++] = database_setting_group(&parts->database);
        groups[n++] = barrier_setting_group(&parts->barrier);
    }
    if (service->sagas)
        groups[n++] = saga_setting_group(&parts->saga);
    return settings_load(service->name, HANOK_VERSION, service->summary, groups, n, argc, argv);
}

void parts_unload(struct parts *parts)
{
    pools_fini(&parts->pools);
    explicit_bzero(parts->self, parts->service->size); /* settings may be secrets */
    free(parts->self);
    explicit_bzero(parts, sizeof(*parts));
}

static void start_messaging(struct parts *parts)
{
    struct service_run *run = &parts->run;
    struct link_config link = nats_config(&parts->nats, parts->service->name);

    link.loop = run->loop;
    link.metrics = run->metrics;
    run->link = link_create(&link);
    run->client = message_client_create(&(struct message_client_config){
        .link = run->link,
        .loop = run->loop,
        .breakers = run->breakers,
        .clock = run->clock,
        .metrics = run->metrics,
    });
    run->proxy = proxy_create(&(struct proxy_config){
        .client = run->client,
        .loop = run->loop,
        .calls = parts->service->calls,
        .n_calls = parts->service->n_calls,
    });
}

static void on_saga_ended(void *arg, const struct saga_view *view)
{
    struct parts *parts = arg;

    endpoints_saga_ended(parts->endpoints, view);
}

static bool takes_cursors(const struct service *service)
{
    for (size_t i = 0; i < service->n_endpoints; i++)
        for (struct field_walk w = field_walk(service->endpoints[i].op->request);
             field_walk_next(&w);)
            if (w.field->kind == FIELD_CURSOR)
                return true;
    return false;
}

static void start_database(struct parts *parts)
{
    struct service_run *run = &parts->run;
    struct dbc_config config = database_config(&parts->database, run->metrics);

    run->db = dbc_pool_create(&config, run->clock);
    run->transactor = dbc_transactor_create(run->db);
    run->barrier = barrier_mysql_create(run->db);
    parts->lease = lease_mysql_create(run->db);
    if (takes_cursors(parts->service)) {
        cursor_key_init(&parts->cursors, parts->database.password);
        run->cursors = &parts->cursors;
    }
    stores_create(parts->service, parts->self, run->db);
}

static void fail(void *arg)
{
    struct parts *parts = arg;

    log_error("cannot run with these tables");
    parts->failed = true;
    loop_stop(parts->run.loop);
}

/* The maintenance thread: asked again until it is known. */
static enum status check_tables(void *arg, const struct call *call)
{
    struct parts *parts = arg;
    enum status st = stores_check(parts->service, parts->run.db, call);

    if (st == ST_INVALID) {
        parts->failing = (struct loop_task){.fn = fail, .arg = parts};
        loop_post(parts->run.loop, &parts->failing);
    }
    return st;
}

static void start_sagas(struct parts *parts)
{
    struct service_run *run = &parts->run;

    parts->store = saga_store_mysql_create(run->db);
    run->sagas = saga_engine_create(&(struct saga_engine_config){
        .transactor = run->transactor,
        .store = parts->store,
        .clock = run->clock,
        .entropy = run->entropy,
        .pool = pools_add(&parts->pools, run->metrics, "saga", parts->saga.workers, SAGA_QUEUE),
        .ended = on_saga_ended,
        .arg = parts,
    });
}

static void set_breaker_gauge(void *arg, const char *subject, enum breaker_state state)
{
    static const int VALUES[] = {[BREAKER_CLOSED] = 0, [BREAKER_HALF_OPEN] = 1, [BREAKER_OPEN] = 2};
    char label[160] = "";

    metrics_label(label, sizeof(label), "subject", subject);
    metric_set(metrics_gauge(arg, "hanok_breaker_state", "0 closed, 1 half-open, 2 open.", label),
               VALUES[state]);
}

static void collect_breakers(void *arg)
{
    struct service_run *run = arg;

    breakers_each(run->breakers, set_breaker_gauge, run->metrics);
}

static void collect_log(void *arg)
{
    metric_set(arg, (int64_t)log_dropped());
}

void parts_ready(void *arg, struct readiness *out)
{
    struct parts *parts = arg;
    const struct service *service = parts->service;
    const char *why = NULL;

    readiness_add(out, "nats", link_is_up(parts->run.link), "NATS is not connected");
    if (service->database)
        readiness_add(out, "database", maintenance_database_up(parts->maintenance),
                      "the database does not answer");
    if (service->ready)
        readiness_add(out, "service", service->ready(parts->self, &why), why);
    readiness_add(out, "running", !parts->draining, "the process is about to end");
}

static bool start_admin(struct parts *parts)
{
    const char *why = NULL;

    parts->admin = admin_create(&(struct admin_config){.listen = parts->common.admin_listen,
                                                       .file = parts->common.admin_file,
                                                       .loop = parts->run.loop,
                                                       .clock = parts->run.clock,
                                                       .metrics = parts->run.metrics,
                                                       .ready = parts_ready,
                                                       .arg = parts},
                                &why);
    if (!parts->admin)
        log_error("no admin listener", LOG_TEXT("why", why),
                  LOG_TEXT("address", parts->common.admin_listen),
                  LOG_TEXT("file", parts->common.admin_file[0] ? parts->common.admin_file : NULL));
    return parts->admin != NULL;
}

static void start_maintenance(struct parts *parts)
{
    const struct service_run *run = &parts->run;

    parts->maintenance = maintenance_create(&(struct maintenance_config){
        .clock = run->clock,
        .entropy = run->entropy,
        .metrics = run->metrics,
        .lease = parts->lease,
        .db = run->db,
        .check = check_tables,
        .arg = parts,
        .barrier = run->barrier,
        .message_retention_s = parts->barrier.retention_s,
        .sagas = run->sagas,
        .store = parts->store,
        .saga_retention_s = parts->saga.retention_s,
    });
}

/* In threads of their own: however long they take, the skeleton's run on. */
static void start_jobs(struct parts *parts)
{
    const struct service *service = parts->service;

    parts->jobs = jobs_create(&(struct jobs_config){
        .rows = service->jobs,
        .n = service->n_jobs,
        .self = parts->self,
        .thread = "jobs",
        .threads = service->n_jobs < JOB_THREADS ? 1 : JOB_THREADS,
        .clock = parts->run.clock,
        .entropy = parts->run.entropy,
        .metrics = parts->run.metrics,
        .lease = parts->lease,
    });
}

bool parts_start(struct parts *parts)
{
    const struct service *service = parts->service;
    struct service_run *run = &parts->run;
    enum status st;

    run->clock = &CLOCK_SYSTEM;
    run->entropy = &ENTROPY_SYSTEM;
    run->loop = loop_create(run->clock);
    run->metrics = metrics_create();
    run->breakers = breakers_create(run->clock, BREAKER_DEFAULTS, BREAKER_DEFAULTS_N);
    pools_start(&parts->pools, run->metrics);
    start_messaging(parts);
    if (service->database)
        start_database(parts);
    if (service->sagas)
        start_sagas(parts);
    metrics_add_collector(run->metrics, pools_collect, &parts->pools);
    metrics_add_collector(run->metrics, collect_breakers, run);
    metrics_add_collector(run->metrics, collect_log,
                          metrics_counter(run->metrics, "hanok_log_lines_dropped_total",
                                          "Log lines that could not be written.", ""));
    st = service->start(parts->self, run);
    if (st != ST_OK) {
        log_error("cannot start", LOG_STATUS(st));
        return false;
    }
    parts->endpoints = endpoints_create(service, parts->self, run, &parts->pools);
    if (service->database)
        start_maintenance(parts);
    if (service->n_jobs > 0)
        start_jobs(parts);
    return start_admin(parts);
}

void parts_stop(struct parts *parts)
{
    struct service_run *run = &parts->run;

    admin_destroy(parts->admin);
    jobs_destroy(parts->jobs);
    maintenance_destroy(parts->maintenance);
    saga_engine_destroy(run->sagas);
    endpoints_destroy(parts->endpoints);
    pools_fini(&parts->pools);
    if (parts->service->stop)
        parts->service->stop(parts->self);
    stores_destroy(parts->service, parts->self);
    if (parts->store)
        parts->store->ops->destroy(parts->store);
    if (parts->lease)
        parts->lease->ops->destroy(parts->lease);
    if (run->barrier)
        run->barrier->ops->destroy(run->barrier);
    if (run->transactor)
        run->transactor->ops->destroy(run->transactor);
    dbc_pool_destroy(run->db);
    proxy_destroy(run->proxy);
    message_client_destroy(run->client);
    link_destroy(run->link);
    breakers_destroy(run->breakers);
    metrics_destroy(run->metrics);
    loop_destroy(run->loop);
}
