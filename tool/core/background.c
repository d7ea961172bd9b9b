/* background.c - a scheduler's hint in two forms. */
#include "tool/core/background.h"

#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NICENESS = 10, SLICE_NS = 100 * 1000 * 1000 };

/* sched_setattr(2), first version; a name of our own, since newer C libraries bring theirs. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime_ns, deadline_ns, period_ns;
};

void background_thread(void)
{
    struct attributes attributes = {
        .size = sizeof(attributes), .nice = NICENESS, .runtime_ns = SLICE_NS};

    /* Niceness counts within one session or control group only; a slice longer than theirs lets
     * anybody's thread go first. */
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0)
        (void)setpriority(PRIO_PROCESS, 0, NICENESS);
}
