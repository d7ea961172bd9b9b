/* process_ready.c - what a process needs to serve, and whether that is there. */
#include <stdio.h>

#include "tool/service/process.h"

static const char *nats_why(struct process *process)
{
    const char *unheard = link_unheard(process->run.link);

    if (!link_is_up(process->run.link))
        return "NATS is not connected";
    if (!unheard)
        return NULL;
    snprintf(process->nats_why, sizeof(process->nats_why), "NATS does not let it hear %s", unheard);
    return process->nats_why;
}

static const char *database_why(struct process *process)
{
    dbc_why(process->run.db, process->database_why);
    return process->database_why[0] ? process->database_why : "the database does not answer";
}

void process_ready(void *arg, struct readiness *out)
{
    struct process *process = arg;
    const struct service *service = process->service;
    const char *why = nats_why(process);

    readiness_add(out, "nats", !why, why);
    why = NULL;
    if (service->database)
        readiness_add(out, "database", maintenance_database_up(process->maintenance),
                      database_why(process));
    if (service->ready)
        readiness_add(out, "service", service->ready(process->self, &why), why);
    readiness_add(out, "running", !process->draining, "the process is about to end");
}
