/* process.c - from settings to a service that runs, and back. */
#include "tool/service/process.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/transactor_group.h"
#include "tool/dbc/hazards.h"
#include "tool/dbc/transactor.h"
#include "tool/job/mysql/lease_mysql.h"
#include "tool/encoder/field_walk.h"
#include "tool/resilience/breaker.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/saga/mysql/saga_store_mysql.h"
#include "tool/service/outsiders.h"
#include "tool/service/stores.h"
#include "tool/service/table_check.h"
#include "tool/service/tallies.h"
#include "tool/service/version.h"
#include "tool/sweep/mysql/sweep_rows_mysql.h"

enum {
    GROUPS_MAX = 12,
    SAGA_QUEUE = 1024,
    SAGA_PATIENCE_MS = 40, /* of the steps of many sagas, for one commit */
    ADMIN_QUEUE = 64,
    JOB_THREADS = 2,
};

enum setting_verdict process_load(struct process *process, const struct service *service, int argc,
                                  char **argv)
{
    struct setting_group groups[GROUPS_MAX];
    char text[256];
    const char *fault = table_fault(service, text, sizeof(text));
    size_t n = 0;

    *process = (struct process){.service = service, .self = mem_alloc(1, service->size)};
    pools_init(&process->pools, service->pools, service->n_pools);
    admin_rows_init(&process->operators, service);
    if (fault) {
        fprintf(stderr, "hanok-%s: %s\n", service->name, fault);
        return SETTING_EXIT_BAD;
    }
    service_jobs_init(&process->job_rows, service);
    groups[n++] = (struct setting_group){service->settings, service->n_settings, process->self};
    groups[n++] = service_flag_group(&process->flags);
    groups[n++] = nats_setting_group(&process->nats);
    groups[n++] = common_setting_group(&process->common);
    groups[n++] = pools_setting_group(&process->pools);
    if (service->database) {
        groups[n++] = database_setting_group(&process->database);
        groups[n++] = barrier_setting_group(&process->barrier);
    }
    if (service->sagas)
        groups[n++] = saga_setting_group(&process->saga);
    if (service->says)
        groups[n++] = outbox_setting_group(&process->outbox);
    if (service->n_hears > 0)
        groups[n++] = event_setting_group(&process->event);
    return settings_load(service->name, HANOK_VERSION, service->summary, groups, n, argc, argv);
}

void process_unload(struct process *process)
{
    pools_fini(&process->pools);
    admin_rows_fini(&process->operators);
    service_jobs_fini(&process->job_rows);
    explicit_bzero(process->self, process->service->size); /* settings may be secrets */
    free(process->self);
    explicit_bzero(process, sizeof(*process));
}

static void start_messaging(struct process *process)
{
    struct service_run *run = &process->run;

    process->link = nats_config(&process->nats, process->service->name);
    process->link.loop = run->loop;
    process->link.metrics = run->metrics;
    run->link = link_create(&process->link);
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
        .calls = process->service->calls,
        .n_calls = process->service->n_calls,
    });
    run->remote = proxy_remote(run->proxy);
}

static void on_saga_ended(void *arg, const struct saga_view *view)
{
    struct process *process = arg;

    endpoints_saga_ended(process->endpoints, view);
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

static struct sweep_rows *rows_to_sweep(void *db, const struct sweep_table *table)
{
    return sweep_rows_mysql_create(db, table);
}

static void start_database(struct process *process)
{
    struct service_run *run = &process->run;
    struct dbc_config config = database_config(&process->database, run->metrics);

    run->db = dbc_pool_create(&config, run->clock);
    run->transactor = dbc_transactor_create(run->db);
    run->barrier = barrier_mysql_create(run->db);
    run->secret = process->database.password;
    process->lease = lease_mysql_create(run->db);
    if (process->service->says)
        process_prepare_relaying(process);
    if (takes_cursors(process->service)) {
        cursor_key_init(&process->cursors, process->database.password);
        run->cursors = &process->cursors;
    }
    stores_create(process->service, process->self, run->db);
    sweeps_create(process->service, process->self, run, rows_to_sweep, run->db);
    process->doctor = (struct doctor){process->service, run->db, run->clock, run->metrics};
}

static void fail(void *arg)
{
    struct process *process = arg;

    log_error("cannot run with these tables");
    process->failed = true;
    loop_stop(process->run.loop);
}

static void log_hazard(void *arg, const struct dbc_hazard *hazard, const char *value)
{
    (void)arg;
    log_warn("the database is set unsafely", LOG_TEXT("setting", hazard->setting),
             LOG_TEXT("value", value), LOG_TEXT("why", hazard->sentence));
}

/* The maintenance thread: asked again until it is known. */
static enum status check_database(void *arg, const struct call *call)
{
    struct process *process = arg;
    enum status st = stores_check(process->service, process->run.db, call);

    if (st == ST_INVALID) {
        process->failing = (struct loop_task){.fn = fail, .arg = process};
        loop_post(process->run.loop, &process->failing);
    }
    return st == ST_OK ? dbc_hazards(process->run.db, call, log_hazard, NULL) : st;
}

static void start_sagas(struct process *process)
{
    struct service_run *run = &process->run;

    process->store = saga_store_mysql_create(run->db);
    process->saga_steps = transactor_group_create(run->transactor, SAGA_PATIENCE_MS, NULL);
    run->sagas = saga_engine_create(&(struct saga_engine_config){
        .transactor = process->saga_steps,
        .store = process->store,
        .clock = run->clock,
        .entropy = run->entropy,
        .pool = pools_add(&process->pools, run->metrics, "saga", process->saga.workers, SAGA_QUEUE),
        .ended = on_saga_ended,
        .arg = process,
    });
}

static void start_endpoints(struct process *process)
{
    const struct service *service = process->service;
    const struct endpoint_group groups[] = {
        {service->endpoints,      service->n_endpoints, process->self},
        {process->operators.rows, process->operators.n, process      },
    };

    if (service->database)
        pools_add(&process->pools, process->run.metrics, ADMIN_POOL, 1, ADMIN_QUEUE);
    process->endpoints =
        endpoints_create(service, groups, ARRAY_LEN(groups), &process->run, &process->pools);
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

static bool start_admin(struct process *process)
{
    const char *why = NULL;

    process->admin = admin_create(&(struct admin_config){.listen = process->common.admin_listen,
                                                         .file = process->common.admin_file,
                                                         .loop = process->run.loop,
                                                         .clock = process->run.clock,
                                                         .metrics = process->run.metrics,
                                                         .ready = process_ready,
                                                         .arg = process},
                                  &why);
    if (!process->admin)
        log_error(
            "no admin listener", LOG_TEXT("why", why),
            LOG_TEXT("address", process->common.admin_listen),
            LOG_TEXT("file", process->common.admin_file[0] ? process->common.admin_file : NULL));
    return process->admin != NULL;
}

static enum status measure(void *arg, const struct call *call)
{
    return doctor_measure(&((struct process *)arg)->doctor, call);
}

static enum status count(void *arg, const struct call *call)
{
    const struct process *process = arg;

    return tallies_measure(process->service->tallies, process->run.db, process->run.metrics, call);
}

static void start_maintenance(struct process *process)
{
    const struct service_run *run = &process->run;

    process->maintenance = maintenance_create(&(struct maintenance_config){
        .clock = run->clock,
        .entropy = run->entropy,
        .metrics = run->metrics,
        .lease = process->lease,
        .db = run->db,
        .check = check_database,
        .measure = measure,
        .count = process->service->tallies ? count : NULL,
        .arg = process,
        .barrier = run->barrier,
        .message_retention_s = process->barrier.retention_s,
        .purges = process->service->purges,
        .outbox = run->outbox,
        .outbox_retention_s = process->outbox.retention_s,
        .sagas = run->sagas,
        .store = process->store,
        .saga_retention_s = process->saga.retention_s,
    });
}

/* In threads of their own: however long they take, the skeleton's run on. */
static void start_jobs(struct process *process)
{
    const struct service_jobs *rows = &process->job_rows;

    if (rows->n == 0)
        return;
    process->jobs = jobs_create(&(struct jobs_config){
        .rows = rows->rows,
        .n = rows->n,
        .self = process->self,
        .thread = "jobs",
        .threads = rows->n < JOB_THREADS ? 1 : JOB_THREADS,
        .clock = process->run.clock,
        .entropy = process->run.entropy,
        .metrics = process->run.metrics,
        .lease = process->lease,
    });
}

bool process_start(struct process *process)
{
    const struct service *service = process->service;
    struct service_run *run = &process->run;
    enum status st;

    run->clock = &CLOCK_SYSTEM;
    process->started_us = clock_wall_us(run->clock);
    run->entropy = &ENTROPY_SYSTEM;
    run->loop = loop_create(run->clock);
    run->metrics = metrics_create();
    run->breakers = breakers_create(run->clock, service->breakers, (unsigned)service->n_breakers);
    pools_start(&process->pools, run->metrics);
    start_messaging(process);
    if (service->database)
        start_database(process);
    if (service->n_hears > 0)
        process_prepare_hearing(process);
    if (service->sagas)
        start_sagas(process);
    metrics_add_collector(run->metrics, pools_collect, &process->pools);
    metrics_add_collector(run->metrics, collect_breakers, run);
    metrics_add_collector(run->metrics, collect_log,
                          metrics_counter(run->metrics, "hanok_log_lines_dropped_total",
                                          "Log lines that could not be written.", ""));
    outsiders_create(service, process->self, run);
    st = service->start(process->self, run);
    if (st != ST_OK) {
        log_error("cannot start", LOG_STATUS(st));
        return false;
    }
    if (process->relaying)
        relaying_start(process->relaying);
    start_endpoints(process);
    if (service->database)
        start_maintenance(process);
    start_jobs(process);
    if (service->n_hears > 0)
        process_start_hearing(process);
    return start_admin(process);
}

void process_stop(struct process *process)
{
    struct service_run *run = &process->run;

    admin_destroy(process->admin);
    jobs_destroy(process->jobs);
    maintenance_destroy(process->maintenance);
    saga_engine_destroy(run->sagas);
    endpoints_destroy(process->endpoints);
    pools_fini(&process->pools);
    hears_destroy(process->hears);
    if (process->service->stop)
        process->service->stop(process->self);
    outsiders_destroy(process->service, process->self);
    sweeps_destroy(process->service, process->self);
    stores_destroy(process->service, process->self);
    if (process->store)
        process->store->ops->destroy(process->store);
    if (process->saga_steps)
        process->saga_steps->ops->destroy(process->saga_steps);
    if (process->lease)
        process->lease->ops->destroy(process->lease);
    hearer_destroy(run->hearer);
    dead_letters_destroy(run->dead_letters);
    relaying_destroy(process->relaying);
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
