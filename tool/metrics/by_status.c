/* by_status.c - see by_status.h. */
#include "tool/metrics/by_status.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

enum { STATUS_LABEL_MAX = 32 };

struct metrics_by_status {
    struct metrics *metrics;
    const char *name, *help;
    char *labels;
    struct {
        atomic_int status; /* 0 = free */
        _Atomic(struct metric *) count;
    } seen[BY_STATUS_MAX];
};

struct metrics_by_status *metrics_by_status_create(struct metrics *metrics, const char *name,
                                                   const char *help, const char *labels)
{
    struct metrics_by_status *all = MEM_NEW(struct metrics_by_status);

    all->metrics = metrics;
    all->name = name;
    all->help = help;
    all->labels = mem_strdup(labels);
    return all;
}

static struct metric *make(const struct metrics_by_status *all, int status)
{
    size_t size = strlen(all->labels) + STATUS_LABEL_MAX;
    char *labels = mem_alloc(1, size), number[12];
    struct metric *count;

    memcpy(labels, all->labels, strlen(all->labels));
    snprintf(number, sizeof(number), "%d", status);
    metrics_label(labels, size, "status", number);
    count = metrics_counter(all->metrics, all->name, all->help, labels);
    free(labels);
    return count;
}

void metrics_by_status_add(struct metrics_by_status *all, int status)
{
    struct metric *count = NULL;

    if (!all->metrics)
        return;
    for (size_t i = 0; i < BY_STATUS_MAX && !count; i++) {
        int seen = atomic_load_explicit(&all->seen[i].status, memory_order_acquire);

        if (seen == 0)
            atomic_compare_exchange_strong(&all->seen[i].status, &seen, status);
        if (seen != 0 && seen != status)
            continue;
        /* Two threads at the same time make the same one. */
        count = atomic_load_explicit(&all->seen[i].count, memory_order_acquire);
        if (!count)
            count = make(all, status);
        atomic_store_explicit(&all->seen[i].count, count, memory_order_release);
    }
    metric_add(count ? count : make(all, status), 1);
}

void metrics_by_status_destroy(struct metrics_by_status *all)
{
    if (!all)
        return;
    free(all->labels);
    free(all);
}
