/* sweeps.c - see sweeps.h. */
#include "tool/service/sweeps.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

enum { TIMEOUT_MS = 5000, LEASE_MS = 10000, ASK_MS = 1000, GRACE_MS = 60000, BATCH = 32 };

static struct sweeper *sweeper_of(const struct service_sweep *row, void *self)
{
    return (struct sweeper *)(void *)((char *)self + row->sweeper);
}

static int timeout_of(const struct service_sweep *row)
{
    return row->timeout_ms ? row->timeout_ms : TIMEOUT_MS;
}

static int64_t lease_of(const struct service_sweep *row)
{
    return row->lease_ms ? row->lease_ms : LEASE_MS;
}

void sweeps_create(const struct service *service, void *self, const struct service_run *run,
                   struct sweep_rows *(*rows)(void *arg, const struct sweep_table *table),
                   void *arg)
{
    for (size_t i = 0; i < service->n_sweeps; i++) {
        const struct service_sweep *row = &service->sweeps[i];

        sweeper_init(sweeper_of(row, self),
                     &(struct sweeper_config){
                         .name = row->name,
                         .rows = rows(arg, &row->table),
                         .transactor = run->transactor,
                         .ask = row->ask,
                         .act = row->act,
                         .arg = (char *)self + row->arg,
                         .batch = row->batch ? row->batch : BATCH,
                         .lease_ms = lease_of(row),
                         .ask_ms = row->ask_ms ? row->ask_ms : ASK_MS,
                         .grace_ms = row->grace_ms ? row->grace_ms : GRACE_MS,
                         .metrics = run->metrics,
                     });
    }
}

void sweeps_destroy(const struct service *service, void *self)
{
    for (size_t i = 0; i < service->n_sweeps; i++) {
        struct sweep_rows *rows = sweeper_of(&service->sweeps[i], self)->config.rows;

        if (rows)
            rows->ops->destroy(rows);
    }
}

void service_jobs_init(struct service_jobs *jobs, const struct service *service)
{
    size_t own = service->n_jobs;

    jobs->n = own + service->n_sweeps;
    jobs->rows = mem_alloc(jobs->n + 1, sizeof(jobs->rows[0]));
    jobs->names = mem_alloc(service->n_sweeps + 1, sizeof(jobs->names[0]));
    for (size_t i = 0; i < own; i++)
        jobs->rows[i] = service->jobs[i];
    for (size_t i = 0; i < service->n_sweeps; i++) {
        const struct service_sweep *row = &service->sweeps[i];

        snprintf(jobs->names[i], sizeof(jobs->names[i]), "sweep_%.*s", JOB_NAME_MAX - 6, row->name);
        jobs->rows[own + i] = (struct job){
            .name = jobs->names[i],
            .self = row->sweeper,
            .fn = sweeper_run,
            .every_ms = row->every_ms,
            .timeout_ms = timeout_of(row),
            .where = JOB_EVERYWHERE,
        };
    }
}

void service_jobs_fini(struct service_jobs *jobs)
{
    free(jobs->rows);
    free(jobs->names);
}

static const char *sweep_fault(const struct service *service, const struct service_sweep *row)
{
    const struct sweep_table *t = &row->table;

    if (!row->act)
        return "has no .act";
    if (!t->table || !t->id || !t->open || !t->due || !t->next)
        return "does not say all of its .table";
    if (row->sweeper + sizeof(struct sweeper) > service->size || row->arg >= service->size)
        return "has a .sweeper or an .arg outside the service's struct";
    if (row->batch > SWEEP_BATCH_MAX)
        return "has too large a .batch";
    if (lease_of(row) <= timeout_of(row))
        return "has a .lease_ms that is over before a run's .timeout_ms";
    return NULL;
}

const char *service_jobs_fault(const struct service *service, char *text, size_t size)
{
    struct service_jobs jobs;
    const char *fault;

    if (service->n_sweeps > 0 && !service->database)
        return ".sweeps needs .database";
    for (size_t i = 0; i < service->n_sweeps; i++) {
        const struct service_sweep *row = &service->sweeps[i];

        fault = row->name ? sweep_fault(service, row) : "has no .name";
        if (fault) {
            snprintf(text, size, "sweep %s %s", row->name ? row->name : "", fault);
            return text;
        }
    }
    service_jobs_init(&jobs, service);
    fault = job_rows_fault(jobs.rows, jobs.n, service->size, service->database, text, size);
    service_jobs_fini(&jobs);
    return fault;
}
