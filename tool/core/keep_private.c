/* keep_private.c - see keep_private.h. */
#include "tool/core/keep_private.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void keep_private(void)
{
#ifdef __OPTIMIZE__
    /* Both: a core_pattern that is a pipe looks at neither limit but at this one. */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}
