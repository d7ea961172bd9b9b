/* pools.c - named worker pools. */
#include "tool/service/pools.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

static void add_settings(struct pools *pools, size_t i, const struct service_pool *row)
{
    struct pool *pool = &pools->all[i];

    snprintf(pool->threads_name, sizeof(pool->threads_name), "%s-threads", row->name);
    snprintf(pool->queue_name, sizeof(pool->queue_name), "%s-queue", row->name);
    snprintf(pool->threads_default, sizeof(pool->threads_default), "%u", row->threads);
    snprintf(pool->queue_default, sizeof(pool->queue_default), "%u", row->queue);
    pools->settings[2 * i] = (struct setting){
        .name = pool->threads_name,
        .kind = SETTING_INT,
        .offset = i * sizeof(*pool) + offsetof(struct pool, threads),
        .size = sizeof(pool->threads),
        .fallback = pool->threads_default,
        .min = 1,
        .max = 256,
        .doc = "requests of this pool worked on at a time",
    };
    pools->settings[2 * i + 1] = (struct setting){
        .name = pool->queue_name,
        .kind = SETTING_INT,
        .offset = i * sizeof(*pool) + offsetof(struct pool, queue),
        .size = sizeof(pool->queue),
        .fallback = pool->queue_default,
        .min = 1,
        .max = 1000000,
        .doc = "requests waiting for this pool at most; more are refused as overloaded",
    };
}

void pools_init(struct pools *pools, const struct service_pool *rows, size_t n)
{
    pools->n = n;
    pools->all = mem_alloc(n + POOLS_MORE, sizeof(*pools->all));
    pools->settings = mem_alloc(2 * n, sizeof(*pools->settings));
    for (size_t i = 0; i < n; i++) {
        pools->all[i].name = rows[i].name;
        add_settings(pools, i, &rows[i]);
    }
}

struct setting_group pools_setting_group(const struct pools *pools)
{
    return (struct setting_group){pools->settings, 2 * pools->n, pools->all};
}

/* While there is more to do, the lines of several requests are written at once. */
static void gather_lines(void *arg)
{
    (void)arg;
    log_gather(true);
}

static void write_lines(void *arg)
{
    (void)arg;
    log_flush();
}

static void end_gathering(void *arg)
{
    (void)arg;
    log_gather(false);
}

static void start(struct pool *pool, struct metrics *metrics)
{
    char label[128] = "";

    metrics_label(label, sizeof(label), "pool", pool->name);
    pool->queued = metrics_gauge(metrics, "hanok_queue_depth", "Work waiting for a thread.", label);
    pool->running = metrics_gauge(metrics, "hanok_queue_running", "Work being done.", label);
    pool->work = work_pool_create(&(struct work_pool_config){
        .name = pool->name,
        .threads = (unsigned)pool->threads,
        .capacity = (unsigned)pool->queue,
        .thread_start = gather_lines,
        .thread_idle = write_lines,
        .thread_stop = end_gathering,
    });
}

void pools_start(struct pools *pools, struct metrics *metrics)
{
    for (size_t i = 0; i < pools->n; i++)
        start(&pools->all[i], metrics);
}

struct work_pool *pools_add(struct pools *pools, struct metrics *metrics, const char *name,
                            int64_t threads, int64_t queue)
{
    struct pool *pool = &pools->all[pools->n++];

    ASSERT(pools->n_added < POOLS_MORE);
    pools->n_added++;
    *pool = (struct pool){.name = name, .threads = threads, .queue = queue};
    start(pool, metrics);
    return pool->work;
}

struct work_pool *pools_find(const struct pools *pools, const char *name)
{
    size_t i = 0;

    while (i < pools->n && strcmp(pools->all[i].name, name) != 0)
        i++;
    ASSERT(i < pools->n);
    return pools->all[i].work;
}

bool pools_idle(const struct pools *pools)
{
    for (size_t i = 0; i < pools->n; i++)
        if (work_pool_queued(pools->all[i].work) > 0 || work_pool_running(pools->all[i].work) > 0)
            return false;
    return true;
}

void pools_collect(void *arg)
{
    const struct pools *pools = arg;

    for (size_t i = 0; i < pools->n; i++) {
        metric_set(pools->all[i].queued, work_pool_queued(pools->all[i].work));
        metric_set(pools->all[i].running, work_pool_running(pools->all[i].work));
    }
}

void pools_fini(struct pools *pools)
{
    for (size_t i = 0; i < pools->n; i++)
        work_pool_destroy(pools->all[i].work);
    free(pools->all);
    free(pools->settings);
    *pools = (struct pools){0};
}
