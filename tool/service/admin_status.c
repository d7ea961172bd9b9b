/* admin_status.c - see admin_status.h. */
#include "tool/service/admin_status.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tool/core/mem.h"
#include "tool/resilience/breaker.h"
#include "tool/service/admin_message.h"
#include "tool/service/process.h"
#include "tool/service/version.h"

void admin_instance(char *text, size_t size)
{
    char host[65] = "";

    gethostname(host, sizeof(host) - 1);
    snprintf(text, size, "%s.%d", host, (int)getpid());
}

static int64_t resident_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "re"); /* all its pages, those that are resident, ... */
    char line[128] = "", *rest = NULL;

    if (!f)
        return 0;
    if (fgets(line, sizeof(line), f))
        strtoll(line, &rest, 10);
    fclose(f);
    return rest ? strtoll(rest, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

static void ask_readiness(struct process *process, struct service_status *out)
{
    struct readiness readiness = {.n = 0};

    process_ready(process, &readiness);
    out->ready = true;
    for (size_t i = 0; i < readiness.n; i++) {
        size_t len = strlen(out->missing);
        if (readiness.checks[i].up)
            continue;
        out->ready = false;
        snprintf(out->missing + len, sizeof(out->missing) - len, "%s%s", len ? " " : "",
                 readiness.checks[i].name);
    }
}

static void look_at_pools(const struct pools *pools, struct service_status *out)
{
    for (size_t i = 0; i < pools->n && i < STATUS_POOLS_MAX; i++) {
        struct pool_status *pool = &out->pools[out->n_pools++];
        TEXT_COPY(pool->name, pools->all[i].name);
        pool->queued = work_pool_queued(pools->all[i].work);
        out->queued += pool->queued;
        pool->running = work_pool_running(pools->all[i].work);
    }
}

static void count_open(void *arg, const char *subject, enum breaker_state state)
{
    (void)subject;
    *(int64_t *)arg += state == BREAKER_OPEN; /* one that nobody asks since stays half-open */
}

enum status admin_status(void *self, const struct call *call, const void *in, void *out)
{
    struct process *process = self;
    struct service_status *status = out;

    (void)call;
    (void)in;
    TEXT_COPY(status->service, process->service->name);
    admin_instance(status->instance, sizeof(status->instance));
    TEXT_COPY(status->version, HANOK_VERSION);
    status->started_us = process->started_us;
    ask_readiness(process, status);
    status->memory_bytes = resident_bytes();
    status->requests = endpoints_open(process->endpoints);
    breakers_each(process->run.breakers, count_open, &status->open_breakers);
    if (process->maintenance && process->store)
        maintenance_sagas(process->maintenance, &status->open_sagas, &status->oldest_saga_s);
    if (process->maintenance && process->run.outbox)
        maintenance_outbox(process->maintenance, &status->pending_events, &status->oldest_event_s);
    look_at_pools(&process->pools, status);
    return ST_OK;
}

struct listing {
    const struct process *process;
    struct breaker_list *list;
};

static void add_breaker(void *arg, const char *subject, enum breaker_state state)
{
    const struct listing *listing = arg;
    struct breaker_list *list = listing->list;
    struct breaker_item *item = &list->items[list->n];

    if (list->n == BREAKER_LIST_MAX)
        return;
    list->n++;
    TEXT_COPY(item->service, listing->process->service->name);
    admin_instance(item->instance, sizeof(item->instance));
    snprintf(item->subject, sizeof(item->subject), "%s", subject);
    item->state = (int)state;
}

enum status admin_breakers(void *self, const struct call *call, const void *in, void *out)
{
    struct process *process = self;

    (void)call;
    (void)in;
    breakers_each(process->run.breakers, add_breaker, &(struct listing){process, out});
    return ST_OK;
}
