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
#include "tool/core/keep_private.h"
#include "tool/core/log.h"
#include "tool/core/loop_fd.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/core/step_back.h"
#include "tool/service/end_limit.h"
#include "tool/service/healthcheck.h"
#include "tool/service/notify.h"
#include "tool/service/process.h"
#include "tool/service/signals.h"
#include "tool/service/version.h"
#include "tool/stream/stream_publisher.h"
#include "tool/stream/stream.h"

enum {
    DRAIN_LOOK_MS = 10,
    DRAIN_QUIET_LOOKS = 2,
    ARENAS_MAX = 2,
    HEALTHCHECK_MS = 2000, /* below what a container's health check may take: 3 s */
    END_MS = 1000,         /* for taking all apart, or what is left of --drain-ms */
};

struct life {
    struct process process;
    int signals; /* signalfd */
    struct notify *notify;
    struct loop_timer drain_timer;
    int64_t drain_until_ms;
    int quiet_looks; /* in a row at which nothing was in hand */
};

/* ---- drain ---- */

static bool in_hand(const struct process *process)
{
    const struct service *service = process->service;

    return endpoints_open(process->endpoints) > 0 || !pools_idle(&process->pools) ||
           (process->jobs && jobs_running(process->jobs) > 0) ||
           (process->hears && hears_open(process->hears) > 0) ||
           (process->run.sagas && saga_engine_running(process->run.sagas) > 0) ||
           (service->busy && service->busy(process->self));
}

_Noreturn static void give_up(struct life *life)
{
    const struct service *service = life->process.service;

    log_warn("drain ran out of time", LOG_INT("requests", endpoints_open(life->process.endpoints)));
    if (service->late)
        service->late(life->process.self);
    if (life->process.common.admin_file[0])
        unlink(life->process.common.admin_file);
    /* Its threads have ended, unless one of them is what is stuck. */
    if (life->process.jobs && jobs_running(life->process.jobs) == 0)
        jobs_destroy(life->process.jobs);
    end_at_once(EXIT_SUCCESS);
}

/* What has been said last is sent before it ends; what is not is another's to send. */
static bool relays(const struct process *process)
{
    if (!process->relaying)
        return false;
    relaying_stop(process->relaying);
    return !relaying_has_ended(process->relaying);
}

static void look_at_drain(void *arg)
{
    struct life *life = arg;
    struct process *process = &life->process;

    life->quiet_looks = in_hand(process) || relays(process) ? 0 : life->quiet_looks + 1;
    /* One more look: what was answered last has been written by the end of the turn. */
    if (life->quiet_looks == DRAIN_QUIET_LOOKS)
        loop_stop(process->run.loop);
    else if (clock_now_ms(process->run.clock) >= life->drain_until_ms)
        give_up(life);
    else
        loop_timer_set(process->run.loop, &life->drain_timer, DRAIN_LOOK_MS);
}

static void start_drain(struct life *life, int signal_number)
{
    struct process *process = &life->process;

    if (process->draining)
        return;
    log_info("draining", LOG_TEXT("signal", signal_number == SIGTERM ? "SIGTERM" : "SIGINT"));
    process->draining = true;
    notify_stopping(life->notify);
    life->drain_until_ms = clock_now_ms(process->run.clock) + process->common.drain_ms;
    endpoints_stop(process->endpoints);
    if (process->jobs)
        jobs_stop(process->jobs);
    if (process->hears)
        hears_stop(process->hears);
    if (process->run.sagas)
        saga_engine_stop(process->run.sagas);
    if (process->service->drain)
        process->service->drain(process->self);
    life->drain_timer = (struct loop_timer){.fn = look_at_drain, .arg = life};
    loop_timer_set(process->run.loop, &life->drain_timer, 0);
}

/* ---- signals ---- */

static void reload(struct life *life)
{
    struct process *process = &life->process;

    notify_reloading(life->notify);
    if (process->service->reload) {
        log_info("reloading", LOG_TEXT("signal", "SIGHUP"));
        process->service->reload(process->self);
    }
    notify_reloaded(life->notify);
}

static void on_signal(void *arg, uint32_t events)
{
    struct life *life = arg;
    struct signalfd_siginfo info;

    (void)events;
    while (read(life->signals, &info, sizeof(info)) == sizeof(info)) {
        switch (info.ssi_signo) {
        case SIGHUP:
            reload(life);
            break;
        case SIGUSR1:
        case SIGUSR2: /* what scripts send that have moved a log file */
            log_info("a signal that means nothing here",
                     LOG_TEXT("signal", info.ssi_signo == SIGUSR1 ? "SIGUSR1" : "SIGUSR2"));
            break;
        default:
            start_drain(life, (int)info.ssi_signo);
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

static void run_loop(struct life *life)
{
    struct loop *loop = life->process.run.loop;

    loop_add_fd(loop, life->signals, EPOLLIN, on_signal, life);
    log_info("started", LOG_TEXT("version", HANOK_VERSION));
    log_gather(true);
    loop_add_turn(loop, write_lines, NULL);
    life->notify = notify_create_from_environment(loop, process_ready, &life->process);
    loop_run(loop);
    notify_destroy(life->notify);
    log_gather(false);
}

static int64_t end_ms(const struct life *life)
{
    int64_t left_ms = life->drain_until_ms - clock_now_ms(&CLOCK_SYSTEM);

    return left_ms > END_MS ? left_ms : END_MS;
}

static int run(struct life *life)
{
    struct process *process = &life->process;
    struct end_limit *limit;
    bool started;
    int code;

    log_init(process->service->name, common_log_level(&process->common));
    log_catch_crashes();
    raise_limits();
    life->signals = signals_take();
    started = process_start(process);
    if (started)
        run_loop(life);
    code = started && !process->failed ? EXIT_SUCCESS : EXIT_FAILURE;
    limit = end_limit_start(end_ms(life), code);
    process_stop(process);
    end_limit_stop(limit);
    close(life->signals);
    if (started)
        log_info("stopped", LOG_END);
    return code;
}

/* ---- asked instead of run ---- */

static void say_call(void *arg, const char *subject)
{
    fprintf(arg, "calls %s\n", subject);
}

static void say_listens(void *out, const char *subject)
{
    fprintf(out, "listens %s\n", subject);
}

static bool has_views(const struct service *service)
{
    for (size_t i = 0; i < service->n_hears; i++)
        if (service->hears[i].kind == HEAR_LATEST)
            return true;
    return false;
}

static int say_subjects(const struct process *process)
{
    const struct service *service = process->service;
    char durable[PULLER_NAME_MAX + 1];

    for (size_t i = 0; i < service->n_endpoints; i++)
        printf("serves %s\n", service->endpoints[i].op->subject);
    for (size_t i = 0; i < process->operators.n; i++)
        printf("serves %s\n", process->operators.operations[i].subject);
    for (size_t i = 0; i < service->n_calls; i++)
        say_call(stdout, service->calls[i]->subject);
    if (service->says) /* what a release before this one has said may be still to be sent */
        printf("says event.%s.>\n", service->name);
    for (size_t i = 0; service->says && stream_publisher_asks(i); i++)
        say_call(stdout, stream_publisher_asks(i));
    for (unsigned i = 0; service->n_hears > 0 && i < EVENT_PARTITIONS; i++)
        printf("pulls %s.%s\n", STREAM_EVENTS, hears_durable(service->name, i, durable));
    if (has_views(service))
        printf("says changed.%s.*\n", service->name);
    if (service->more_calls)
        service->more_calls(process->self, say_call, stdout);
    if (service->listens)
        service->listens(process->self, say_listens, stdout);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int say_health(const struct process *process)
{
    char why[HEALTHCHECK_WHY_MAX + 1];

    if (healthcheck_ask(process->common.admin_listen, process->common.admin_file, HEALTHCHECK_MS,
                        why))
        return EXIT_SUCCESS;
    printf("hanok-%s is not ready: %s\n", process->service->name, why);
    return EXIT_FAILURE;
}

static bool tells_by_itself(const struct process *process)
{
    return process->service->tells && process->service->tells(process->self);
}

static int run_or_say(struct life *life)
{
    if (tells_by_itself(&life->process))
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    if (life->process.flags.subjects)
        return say_subjects(&life->process);
    if (life->process.flags.healthcheck)
        return say_health(&life->process);
    return run(life);
}

int service_main(int argc, char **argv, const struct service *service)
{
    struct life *life = MEM_NEW(struct life);
    int code = EXIT_SUCCESS;

    if (service->computes)
        step_back_as_a_session();
    keep_private();
    signals_ignore();
    switch (process_load(&life->process, service, argc, argv)) {
    case SETTING_RUN:
        code = run_or_say(life);
        break;
    case SETTING_EXIT_OK:
        break;
    case SETTING_EXIT_BAD:
        code = EXIT_FAILURE;
        break;
    }
    process_unload(&life->process);
    free(life);
    return code;
}
