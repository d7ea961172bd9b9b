/* metrics.c - the registry and the atomics behind its handles. */
#include "tool/metrics/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/metrics/registry.h"

const int64_t METRIC_BOUNDS_US[METRIC_BOUNDS] = {500,     1000,    2500,    5000,    10000,
                                                 25000,   50000,   100000,  250000,  500000,
                                                 1000000, 2500000, 5000000, 10000000};

struct metrics *metrics_create(void)
{
    struct metrics *all = MEM_NEW(struct metrics);

    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void metrics_destroy(struct metrics *all)
{
    struct metric_family *family;

    if (!all)
        return;
    while ((family = all->families)) {
        struct metric *metric;

        all->families = family->next;
        while ((metric = family->metrics)) {
            family->metrics = metric->next;
            free(metric->labels);
            free(metric);
        }
        free(family->name);
        free(family->help);
        free(family);
    }
    pthread_mutex_destroy(&all->lock);
    free(all);
}

void metrics_label(char *labels, size_t size, const char *key, const char *value)
{
    size_t start = strlen(labels), at = start;
    const char *parts[] = {start ? "," : "", key, "=\""};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        size_t n = strlen(parts[i]);

        if (n >= size - at)
            goto full;
        memcpy(labels + at, parts[i], n);
        at += n;
    }
    for (; *value; value++) {
        if (size - at < 5) /* an escape, the closing quote, NUL */
            goto full;
        if (*value == '\\' || *value == '"' || *value == '\n')
            labels[at++] = '\\';
        labels[at++] = (char)(*value == '\n' ? 'n' : *value);
    }
    if (size - at < 2)
        goto full;
    labels[at++] = '"';
    labels[at] = '\0';
    return;
full:
    labels[start] = '\0';
}

static struct metric_family *find_family(struct metrics *all, enum metric_kind kind,
                                         const char *name, const char *help)
{
    struct metric_family **at = &all->families;

    for (; *at; at = &(*at)->next) {
        if (strcmp((*at)->name, name) != 0)
            continue;
        ASSERT((*at)->kind == kind);
        return *at;
    }
    *at = MEM_NEW(struct metric_family);
    (*at)->kind = kind;
    (*at)->name = mem_strdup(name);
    (*at)->help = mem_strdup(help);
    return *at;
}

static struct metric *find(struct metrics *all, enum metric_kind kind, const char *name,
                           const char *help, const char *labels)
{
    struct metric **at;

    if (!all)
        return NULL;
    pthread_mutex_lock(&all->lock);
    at = &find_family(all, kind, name, help)->metrics;
    while (*at && strcmp((*at)->labels, labels) != 0)
        at = &(*at)->next;
    if (!*at) {
        *at = MEM_NEW(struct metric);
        (*at)->kind = kind;
        (*at)->labels = mem_strdup(labels);
    }
    pthread_mutex_unlock(&all->lock);
    return *at;
}

struct metric *metrics_counter(struct metrics *all, const char *name, const char *help,
                               const char *labels)
{
    return find(all, METRIC_COUNTER, name, help, labels);
}

struct metric *metrics_gauge(struct metrics *all, const char *name, const char *help,
                             const char *labels)
{
    return find(all, METRIC_GAUGE, name, help, labels);
}

struct metric *metrics_histogram(struct metrics *all, const char *name, const char *help,
                                 const char *labels)
{
    return find(all, METRIC_HISTOGRAM, name, help, labels);
}

void metric_add(struct metric *m, int64_t n)
{
    if (m)
        atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}

void metric_set(struct metric *m, int64_t v)
{
    if (m)
        atomic_store_explicit(&m->value, v, memory_order_relaxed);
}

void metric_observe_us(struct metric *m, int64_t us)
{
    size_t bucket = 0;

    if (!m)
        return;
    while (bucket < METRIC_BOUNDS && us > METRIC_BOUNDS_US[bucket])
        bucket++;
    atomic_fetch_add_explicit(&m->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&m->value, us, memory_order_relaxed);
}

int64_t metric_value(const struct metric *m)
{
    int64_t count = 0;

    if (!m)
        return 0;
    if (m->kind != METRIC_HISTOGRAM)
        return atomic_load_explicit(&m->value, memory_order_relaxed);
    for (size_t i = 0; i <= METRIC_BOUNDS; i++)
        count += atomic_load_explicit(&m->buckets[i], memory_order_relaxed);
    return count;
}

void metrics_add_collector(struct metrics *all, void (*fn)(void *arg), void *arg)
{
    pthread_mutex_lock(&all->lock);
    ASSERT(all->n_collectors < METRIC_COLLECTORS_MAX);
    all->collectors[all->n_collectors].fn = fn;
    all->collectors[all->n_collectors++].arg = arg;
    pthread_mutex_unlock(&all->lock);
}
