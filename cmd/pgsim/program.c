/* program.c - see program.h. Settings, and the life of the process; what it does begins in pgsim.c
 * and api.c. */
#include "cmd/pgsim/program.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cmd/pgsim/pgsim.h"
#include "tool/core/keep_private.h"
#include "tool/core/log.h"
#include "tool/core/loop_fd.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/http/listen_address.h"
#include "tool/service/end_limit.h"
#include "tool/service/healthcheck.h"
#include "tool/service/signals.h"
#include "tool/service/version.h"

enum { HEALTHCHECK_MS = 2000, DRAIN_LOOK_MS = 10, END_MS = 3000 };

static const char SUMMARY[] =
    "Plays a card company for demos and tests: takes payments over HTTP, fails on demand.";
static const char *const HEALTHCHECK_NEEDS[] = {"admin-listen", "admin-file", NULL};

static const char *url_check(const void *value)
{
    const char *url = value;

    return url[0] == '\0' || strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0
               ? NULL
               : "must begin with http:// or https://";
}

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct pgsim_settings, healthcheck, "healthcheck", SETTING_FLAG, "off", .needs = HEALTHCHECK_NEEDS,
            .doc = "ask the instance with these settings whether it is ready, and exit: 0, or 1 and why"),
    SETTING(struct pgsim_settings, listen, "listen", SETTING_TEXT, "127.0.0.1:8090",
            .check = listen_address_check, .doc = "address of the HTTP port, host:port or [v6]:port; port 0 is any free one"),
    SETTING(struct pgsim_settings, address_file, "address-file", SETTING_TEXT, "",
            .doc = "file to which host:port of the HTTP port is written"),
    SETTING(struct pgsim_settings, book, "book", SETTING_TEXT, NULL,
            .doc = "file of what was really charged, a line an operation; made when it is not there"),
    SETTING(struct pgsim_settings, webhook_url, "webhook-url", SETTING_TEXT, "", .check = url_check,
            .doc = "where each operation is told, by a POST; empty: nowhere"),
    SETTING(struct pgsim_settings, webhook_secret, "webhook-secret", SETTING_SECRET, "",
            .doc = "what webhooks are signed with; who is told knows it too"),
};
/* clang-format on */

struct life {
    struct pgsim_settings settings;
    struct pgsim sim;
    struct loop *loop;
    int signals; /* signalfd */
    struct loop_timer drain_timer;
    int64_t drain_until_ms;
};

static void look_at_drain(void *arg)
{
    struct life *life = arg;

    if (pgsim_busy(&life->sim) && clock_now_ms(&CLOCK_SYSTEM) < life->drain_until_ms)
        loop_timer_set(life->loop, &life->drain_timer, DRAIN_LOOK_MS);
    else
        loop_stop(life->loop);
}

static void on_signal(void *arg, uint32_t events)
{
    struct life *life = arg;
    struct signalfd_siginfo info;

    (void)events;
    while (read(life->signals, &info, sizeof(info)) == sizeof(info)) {
        if ((info.ssi_signo != SIGTERM && info.ssi_signo != SIGINT) || life->sim.draining)
            continue;
        log_info("draining");
        life->drain_until_ms = clock_now_ms(&CLOCK_SYSTEM) + life->settings.common.drain_ms;
        pgsim_drain(&life->sim);
        loop_timer_set(life->loop, &life->drain_timer, 0);
    }
}

static int write_lines(void *arg)
{
    (void)arg;
    log_flush();
    return -1;
}

static int run(struct life *life)
{
    struct end_limit *limit;
    bool started;
    int code;

    log_init("pgsim", common_log_level(&life->settings.common));
    log_catch_crashes();
    life->signals = signals_take();
    life->loop = loop_create(&CLOCK_SYSTEM);
    life->drain_timer = (struct loop_timer){.fn = look_at_drain, .arg = life};
    started = pgsim_start(&life->sim, &life->settings, life->loop);
    if (started) {
        loop_add_fd(life->loop, life->signals, EPOLLIN, on_signal, life);
        loop_add_turn(life->loop, write_lines, NULL);
        log_info("started", LOG_TEXT("version", HANOK_VERSION));
        log_gather(true);
        loop_run(life->loop);
        log_gather(false);
    }
    code = started && !life->sim.failed ? EXIT_SUCCESS : EXIT_FAILURE;
    limit = end_limit_start(END_MS, code);
    pgsim_stop(&life->sim);
    end_limit_stop(limit);
    loop_destroy(life->loop);
    close(life->signals);
    log_info("stopped");
    return code;
}

static int say_health(const struct common_settings *common)
{
    char why[HEALTHCHECK_WHY_MAX + 1];

    if (healthcheck_ask(common->admin_listen, common->admin_file, HEALTHCHECK_MS, why))
        return EXIT_SUCCESS;
    printf("hanok-pgsim is not ready: %s\n", why);
    return EXIT_FAILURE;
}

int pgsim_main(int argc, char **argv)
{
    struct life *life = MEM_NEW(struct life);
    const struct setting_group groups[] = {
        {SETTINGS, ARRAY_LEN(SETTINGS), &life->settings},
        common_setting_group(&life->settings.common),
    };
    int code = EXIT_SUCCESS;

    keep_private();
    signals_ignore();
    switch (settings_load("pgsim", HANOK_VERSION, SUMMARY, groups, ARRAY_LEN(groups), argc, argv)) {
    case SETTING_RUN:
        code = life->settings.healthcheck ? say_health(&life->settings.common) : run(life);
        break;
    case SETTING_EXIT_OK:
        break;
    case SETTING_EXIT_BAD:
        code = EXIT_FAILURE;
        break;
    }
    explicit_bzero(life, sizeof(*life));
    free(life);
    return code;
}
