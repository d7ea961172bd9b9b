/* connect_limit.c - see connect_limit.h. */
#include "tool/message/connect_limit.h"

#include <signal.h>
#include <unistd.h>

#include "tool/core/assert.h"

#ifndef sigev_notify_thread_id /* glibc before 2.37 does not name it */
#define sigev_notify_thread_id _sigev_un._tid
#endif

static _Thread_local volatile sig_atomic_t struck;

static void strike(int signal_number)
{
    (void)signal_number;
    struck = 1;
}

void connect_limit_start(struct connect_limit *limit, int ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM};
    sigset_t mine;

    struck = 0;
    event.sigev_notify_thread_id = gettid();
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = strike}, NULL); /* no SA_RESTART */
    sigemptyset(&mine);
    sigaddset(&mine, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &mine, NULL);
    ASSERT(timer_create(CLOCK_MONOTONIC, &event, &limit->timer) == 0);
    timer_settime(limit->timer, 0, &(struct itimerspec){time, time}, NULL);
}

bool connect_limit_stop(struct connect_limit *limit)
{
    timer_delete(limit->timer);
    return struck;
}
