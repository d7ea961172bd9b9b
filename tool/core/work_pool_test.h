/* work_pool_test.h - waits for a pool to have nothing to do; for tests. */
#ifndef TOOL_CORE_WORK_POOL_TEST_H
#define TOOL_CORE_WORK_POOL_TEST_H

#include <sched.h>

#include "tool/core/clock.h"
#include "tool/core/work_pool.h"

/** Until nothing is queued or running, at most timeout_ms. True when idle. */
static inline bool work_pool_drain(const struct work_pool *pool, int timeout_ms)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + timeout_ms;

    while (work_pool_queued(pool) > 0 || work_pool_running(pool) > 0) {
        if (clock_now_ms(&CLOCK_SYSTEM) >= give_up_ms)
            return false;
        sched_yield();
    }
    return true;
}

#endif
