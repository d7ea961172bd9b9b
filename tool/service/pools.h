/* pools.h - the worker pools of a service by name, their settings and gauges. Loop thread. */
#ifndef TOOL_SERVICE_POOLS_H
#define TOOL_SERVICE_POOLS_H

#include "tool/core/work_pool.h"
#include "tool/metrics/metrics.h"
#include "tool/service/service.h"

enum { POOLS_MORE = 3 };

struct pool {
    const char *name;
    int64_t threads, queue; /* settings */
    char threads_name[SETTING_NAME_MAX + 1], queue_name[SETTING_NAME_MAX + 1];
    char threads_default[24], queue_default[24];
    struct work_pool *work;
    struct metric *queued, *running;
};

struct pools {
    struct pool *all;
    size_t n, n_added; /* n_added of n are not rows */
    struct setting *settings;
};

/** Room for rows, and for POOLS_MORE that pools_add may add. */
void pools_init(struct pools *pools, const struct service_pool *rows, size_t n);
struct setting_group pools_setting_group(const struct pools *pools);
/** Starts the threads of all rows. */
void pools_start(struct pools *pools, struct metrics *metrics);
struct work_pool *pools_add(struct pools *pools, struct metrics *metrics, const char *name,
                            int64_t threads, int64_t queue);
/** ASSERTs that there is one of that name. */
struct work_pool *pools_find(const struct pools *pools, const char *name);
bool pools_idle(const struct pools *pools);
/** Sets the gauges. */
void pools_collect(void *pools);
/** Ends the threads, after what is queued. */
void pools_fini(struct pools *pools);

#endif
