/* end_limit.c - see end_limit.h. */
#include "tool/service/end_limit.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"

enum { LAST_LINES_MS = 500 };

struct end_limit {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct timespec until;
    int code;
    bool stopped; /* under lock */
};

_Noreturn void end_at_once(int code)
{
    log_drain(LAST_LINES_MS);
    /* Not _exit: where threads are looked after by a sanitizer, it counts those that nobody joined.
     */
    syscall(SYS_exit_group, code);
    __builtin_unreachable();
}

static void *wait_for_end(void *arg)
{
    struct end_limit *limit = arg;

    pthread_mutex_lock(&limit->lock);
    while (!limit->stopped)
        if (!waiting_on(&limit->changed, &limit->lock, &limit->until) && !limit->stopped) {
            log_warn("a thread does not end");
            end_at_once(limit->code);
        }
    pthread_mutex_unlock(&limit->lock);
    return NULL;
}

struct end_limit *end_limit_start(int64_t ms, int code)
{
    struct end_limit *limit = MEM_NEW(struct end_limit);

    pthread_mutex_init(&limit->lock, NULL);
    waiting_init(&limit->changed);
    limit->until = waiting_until(ms);
    limit->code = code;
    ASSERT(pthread_create(&limit->thread, NULL, wait_for_end, limit) == 0);
    return limit;
}

void end_limit_stop(struct end_limit *limit)
{
    if (!limit)
        return;
    pthread_mutex_lock(&limit->lock);
    limit->stopped = true;
    pthread_cond_signal(&limit->changed);
    pthread_mutex_unlock(&limit->lock);
    pthread_join(limit->thread, NULL);
    pthread_cond_destroy(&limit->changed);
    pthread_mutex_destroy(&limit->lock);
    free(limit);
}
