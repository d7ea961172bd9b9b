/* process_events.c - the events of a process: those that it says, those that it hears. */
#include <string.h>

#include "tool/event/mysql/dead_letters_mysql.h"
#include "tool/service/process.h"
#include "tool/stream/stream.h"

void process_prepare_relaying(struct process *process)
{
    struct service_run *run = &process->run;

    process->relaying = relaying_create(&(struct relaying_config){
        .link = run->link,
        .nats = &process->link,
        .loop = run->loop,
        .client = run->client,
        .db = run->db,
        .clock = run->clock,
        .entropy = run->entropy,
        .metrics = run->metrics,
        .service = process->service->name,
        .replicas = (int)process->outbox.replicas,
        .tails = strcmp(process->outbox.relay, OUTBOX_RELAY_BINLOG) == 0,
    });
    run->outbox = relaying_outbox(process->relaying);
    metrics_add_collector(run->metrics, relaying_collect, process->relaying);
}

void process_prepare_hearing(struct process *process)
{
    const struct service *service = process->service;
    struct service_run *run = &process->run;

    run->dead_letters = dead_letters_mysql_create(run->db);
    run->hearer = hearer_create(&(struct hearer_config){
        .service = service->name,
        .rows = service->hears,
        .n = service->n_hears,
        .self = process->self,
        .transactor = run->transactor,
        .barrier = run->barrier,
        .dead_letters = run->dead_letters,
        .clock = run->clock,
        .attempts = (unsigned)process->event.attempts,
    });
}

void process_start_hearing(struct process *process)
{
    struct service_run *run = &process->run;

    process->hears = hears_create(&(struct hears_config){
        .hearer = run->hearer,
        .stream = STREAM_EVENTS,
        .link = run->link,
        .loop = run->loop,
        .pool = pools_add(&process->pools, run->metrics, "events", process->event.workers,
                          EVENT_PARTITIONS),
        .entropy = run->entropy,
        .metrics = run->metrics,
        .lease = process->lease,
        .proxy = run->proxy,
    });
}
