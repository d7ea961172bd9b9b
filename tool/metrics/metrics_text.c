/* metrics_text.c - the registry as Prometheus text, format 0.0.4. */
#include <inttypes.h>
#include <stdio.h>

#include "tool/core/assert.h"
#include "tool/metrics/registry.h"

static const char *const KINDS[] = {
    [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};

static void write_help(FILE *out, const struct metric_family *family)
{
    fprintf(out, "# HELP %s ", family->name);
    for (const char *p = family->help; *p; p++) {
        if (*p == '\\' || *p == '\n')
            fputc('\\', out);
        fputc(*p == '\n' ? 'n' : *p, out);
    }
    fprintf(out, "\n# TYPE %s %s\n", family->name, KINDS[family->kind]);
}

static void write_value(FILE *out, const char *name, const struct metric *m)
{
    if (m->labels[0])
        fprintf(out, "%s{%s} %" PRId64 "\n", name, m->labels, metric_value(m));
    else
        fprintf(out, "%s %" PRId64 "\n", name, metric_value(m));
}

static void write_histogram(FILE *out, const char *name, const struct metric *m)
{
    const char *comma = m->labels[0] ? "," : "", *open = m->labels[0] ? "{" : "";
    const char *close = m->labels[0] ? "}" : "";
    int64_t count = 0;

    for (size_t i = 0; i < METRIC_BOUNDS; i++) {
        count += atomic_load_explicit(&m->buckets[i], memory_order_relaxed);
        fprintf(out, "%s_bucket{%s%sle=\"%g\"} %" PRId64 "\n", name, m->labels, comma,
                (double)METRIC_BOUNDS_US[i] / 1e6, count);
    }
    count += atomic_load_explicit(&m->buckets[METRIC_BOUNDS], memory_order_relaxed);
    fprintf(out, "%s_bucket{%s%sle=\"+Inf\"} %" PRId64 "\n", name, m->labels, comma, count);
    fprintf(out, "%s_sum%s%s%s %.6f\n", name, open, m->labels, close,
            (double)atomic_load_explicit(&m->value, memory_order_relaxed) / 1e6);
    fprintf(out, "%s_count%s%s%s %" PRId64 "\n", name, open, m->labels, close, count);
}

char *metrics_text(struct metrics *all, size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);

    ASSERT(out);
    /* Without the lock: a collector may create metrics. Collectors are added at start only. */
    for (size_t i = 0; i < all->n_collectors; i++)
        all->collectors[i].fn(all->collectors[i].arg);
    pthread_mutex_lock(&all->lock);
    for (const struct metric_family *family = all->families; family; family = family->next) {
        write_help(out, family);
        for (const struct metric *m = family->metrics; m; m = m->next) {
            if (m->kind == METRIC_HISTOGRAM)
                write_histogram(out, family->name, m);
            else
                write_value(out, family->name, m);
        }
    }
    pthread_mutex_unlock(&all->lock);
    fclose(out);
    return text;
}
