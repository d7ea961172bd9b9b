/* service.c - the life of a process: settings, start, signals, drain, end. */
#include "tool/service/service.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/healthcheck.h"
#include "tool/service/notify.h"
#include "tool/service/parts.h"
#include "tool/service/signals.h"
#include "tool/service/version.h"

enum {
    DRAIN_LOOK_MS = 10,
    DRAIN_QUIET_LOOKS = 2,
    ARENAS_MAX = 2,
    HEALTHCHECK_MS = 2000, /* below what a container's health check may take: 3 s */
    LAST_LINES_MS = 500,
};

struct process {
    struct parts parts;
    int signals; /* signalfd */
    struct notify *notify;
    struct loop_timer drain_timer;
    int64_t drain_until_ms;
    int quiet_looks; /* in a row at which nothing was in hand */
};

/* ---- drain ---- */

static bool in_hand(const struct parts *parts)
{
    const struct service *service = parts->service;

    return endpoints_open(parts->endpoints) > 0 || !pools_idle(&parts->pools) ||
           (parts->jobs && jobs_running(parts->jobs) > 0) ||
           (parts->run.sagas && saga_engine_running(parts->run.sagas) > 0) ||
           (service->busy && service->busy(parts->self));
}

/* Work that is stuck cannot be waited for, nor can what it uses be taken apart. Nothing is lost:
 * whatever was accepted for good is in the database. */
_Noreturn static void end_at_once(struct process *process)
{
    log_warn("drain ran out of time",
             LOG_INT("requests", endpoints_open(process->parts.endpoints)));
    if (process->parts.common.admin_file[0])
        unlink(process->parts.common.admin_file);
    log_drain(LAST_LINES_MS);
    _exit(EXIT_SUCCESS); /* lint: allow process nothing else ends threads that are stuck */
}

static void look_at_drain(void *arg)
{
    struct process *process = arg;
    struct parts *parts = &process->parts;

    process->quiet_looks = in_hand(parts) ? 0 : process->quiet_looks + 1;
    /* One more look: what was answered last has been written by the end of the turn. */
    if (process->quiet_looks == DRAIN_QUIET_LOOKS)
        loop_stop(parts->run.loop);
    else if (clock_now_ms(parts->run.clock) >= process->drain_until_ms)
        end_at_once(process);
    else
        loop_timer_set(parts->run.loop, &process->drain_timer, DRAIN_LOOK_MS);
}

static void start_drain(struct process *process, int signal_number)
{
    struct parts *parts = &process->parts;

    if (parts->draining)
        return;
    log_info("draining", LOG_TEXT("signal", signal_number == SIGTERM ? "SIGTERM" : "SIGINT"));
    parts->draining = true;
    notify_stopping(process->notify);
    process->drain_until_ms = clock_now_ms(parts->run.clock) + parts->common.drain_ms;
    endpoints_stop(parts->endpoints);
    if (parts->jobs)
        jobs_stop(parts->jobs);
    if (parts->run.sagas)
        saga_engine_stop(parts->run.sagas);
    if (parts->service->drain)
        parts->service->drain(parts->self);
    process->drain_timer = (struct loop_timer){.fn = look_at_drain, .arg = process};
    loop_timer_set(parts->run.loop, &process->drain_timer, 0);
}

/* ---- signals ---- */

static void reload(struct process *process)
{
    struct parts *parts = &process->parts;

    notify_reloading(process->notify);
    if (parts->service->reload) {
        log_info("reloading", LOG_TEXT("signal", "SIGHUP"));
        parts->service->reload(parts->self);
    }
    notify_reloaded(process->notify);
}

static void on_signal(void *arg, uint32_t events)
{
    struct process *process = arg;
    struct signalfd_siginfo info;

    (void)events;
    while (read(process->signals, &info, sizeof(info)) == sizeof(info)) {
        switch (info.ssi_signo) {
        case SIGHUP:
            reload(process);
            break;
        case SIGUSR1:
        case SIGUSR2: /* what scripts send that have moved a log file */
            log_info("a signal that means nothing here",
                     LOG_TEXT("signal", info.ssi_signo == SIGUSR1 ? "SIGUSR1" : "SIGUSR2"));
            break;
        default:
            start_drain(process, (int)info.ssi_signo);
        }
    }
}

/* ---- the process ---- */

static void raise_limits(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    /* An arena a thread would hold on to memory that another thread has freed. */
    mallopt(M_ARENA_MAX, ARENAS_MAX);
}

/* The last thing in every turn: what it has logged is written at once. */
static int write_lines(void *arg)
{
    (void)arg;
    log_flush();
    return -1;
}

static void run_loop(struct process *process)
{
    struct loop *loop = process->parts.run.loop;

    loop_add_fd(loop, process->signals, EPOLLIN, on_signal, process);
    log_info("started", LOG_TEXT("version", HANOK_VERSION));
    log_gather(true);
    loop_add_turn(loop, write_lines, NULL);
    process->notify = notify_create_from_environment(loop, parts_ready, &process->parts);
    loop_run(loop);
    notify_destroy(process->notify);
    log_gather(false);
}

static int run(struct process *process)
{
    struct parts *parts = &process->parts;
    bool started;

    log_init(parts->service->name, common_log_level(&parts->common));
    log_catch_crashes();
    raise_limits();
    process->signals = signals_take();
    started = parts_start(parts);
    if (started)
        run_loop(process);
    parts_stop(parts);
    close(process->signals);
    if (started)
        log_info("stopped", LOG_END);
    return started && !parts->failed ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- asked instead of run ---- */

static void say_call(void *arg, const char *subject)
{
    fprintf(arg, "calls %s\n", subject);
}

static int say_subjects(const struct parts *parts)
{
    const struct service *service = parts->service;

    for (size_t i = 0; i < service->n_endpoints; i++)
        printf("serves %s\n", service->endpoints[i].op->subject);
    for (size_t i = 0; i < service->n_calls; i++)
        say_call(stdout, service->calls[i]->subject);
    if (service->more_calls)
        service->more_calls(parts->self, say_call, stdout);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int say_health(const struct parts *parts)
{
    char why[HEALTHCHECK_WHY_MAX + 1];

    if (healthcheck_ask(parts->common.admin_listen, parts->common.admin_file, HEALTHCHECK_MS, why))
        return EXIT_SUCCESS;
    printf("hanok-%s is not ready: %s\n", parts->service->name, why);
    return EXIT_FAILURE;
}

static int run_or_say(struct process *process)
{
    if (process->parts.flags.subjects)
        return say_subjects(&process->parts);
    if (process->parts.flags.healthcheck)
        return say_health(&process->parts);
    return run(process);
}

int service_main(int argc, char **argv, const struct service *service)
{
    struct process *process = MEM_NEW(struct process);
    int code = EXIT_SUCCESS;

    signals_ignore();
    switch (parts_load(&process->parts, service, argc, argv)) {
    case SETTING_RUN:
        code = run_or_say(process);
        break;
    case SETTING_EXIT_OK:
        break;
    case SETTING_EXIT_BAD:
        code = EXIT_FAILURE;
        break;
    }
    parts_unload(&process->parts);
    free(process);
    return code;
}
