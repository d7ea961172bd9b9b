/* waiting.c - see waiting.h. */
#include "tool/core/waiting.h"

#include <errno.h>

enum { DAY_MS = 24 * 3600 * 1000, SECOND_NS = 1000000000 };

void waiting_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

struct timespec waiting_until(int64_t timeout_ms)
{
    struct timespec t;

    if (timeout_ms < 0)
        timeout_ms = 0;
    if (timeout_ms > DAY_MS)
        timeout_ms = DAY_MS;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += timeout_ms / 1000;
    t.tv_nsec += timeout_ms % 1000 * 1000000;
    if (t.tv_nsec >= SECOND_NS) {
        t.tv_sec++;
        t.tv_nsec -= SECOND_NS;
    }
    return t;
}

bool waiting_on(pthread_cond_t *cond, pthread_mutex_t *lock, const struct timespec *until)
{
    return pthread_cond_timedwait(cond, lock, until) != ETIMEDOUT;
}
