/* signals.c - see signals.h. */
#include "tool/service/signals.h"

#include <signal.h>
#include <sys/signalfd.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

void signals_ignore(void)
{
    static const int NO_REASONS[] = {SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM};

    for (size_t i = 0; i < ARRAY_LEN(NO_REASONS); i++)
        sigaction(NO_REASONS[i], &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
}

int signals_take(void)
{
    static const int TAKEN[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2};
    sigset_t taken, blocked;
    int fd;

    sigemptyset(&taken);
    for (size_t i = 0; i < ARRAY_LEN(TAKEN); i++)
        sigaddset(&taken, TAKEN[i]);
    blocked = taken;
    /* tool/message/connect_limit.h handles it in a thread of its own and unblocks it there. */
    sigaddset(&blocked, SIGALRM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    fd = signalfd(-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
    ASSERT(fd >= 0);
    return fd;
}
