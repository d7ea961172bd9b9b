/* step_back.c - see step_back.h. */
#include "tool/core/step_back.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* A session has its weight once, threads on all processors share it: on two of them as much as
 * threads that are nicer by 8 or 9. */
enum { SESSION_NICENESS = 5 };

void step_back_as_a_session(void)
{
    int fd;

    if (getsid(0) != getpid())
        return;
    fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return; /* a kernel without */
    (void)!dprintf(fd, "%d", SESSION_NICENESS);
    close(fd);
}
