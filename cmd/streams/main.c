/* main.c - hanok-streams: brings JetStream up to date with the table of streams. */
#include <stdio.h>

#include "tool/stream/streams.h"
#include "tool/core/keep_private.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/common_setting.h"
#include "tool/service/signals.h"
#include "tool/service/version.h"

struct streams_settings {
    struct nats_settings nats;
    int64_t replicas, wait_s;
};

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct streams_settings, replicas, "replicas", SETTING_INT, "1", .min = 1, .max = STREAM_REPLICAS_MAX,
            .doc = "servers that keep each stream; more than one needs a cluster, an odd number is best"),
    SETTING(struct streams_settings, wait_s, "wait-s", SETTING_INT, "0", .min = 0, .max = 3600,
            .unit = "s", .doc = "how long to wait for NATS and JetStream that do not answer yet"),
};
/* clang-format on */

static void say_done(void *arg, const char *name, const char *what)
{
    (void)arg;
    printf("%s: %s\n", name, what);
    fflush(stdout);
}

static void say_waiting(void *arg, const char *why)
{
    (void)arg;
    fprintf(stderr, "%s; waiting\n", why);
}

static int ensure(const struct streams_settings *settings)
{
    struct link_config nats = nats_config(&settings->nats, "streams");
    struct stream_plan plan = {.nats = &nats,
                               .streams = STREAMS,
                               .replicas = (int)settings->replicas,
                               .done = say_done,
                               .waiting = say_waiting};
    struct call patience = {.clock = &CLOCK_SYSTEM,
                            .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + settings->wait_s * 1000};
    char why[STREAM_WHY_MAX + 1];
    enum status st = stream_ensure(&plan, &patience, why);

    if (st != ST_OK)
        fprintf(stderr, "%s\n", why);
    return st == ST_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct streams_settings settings = {0};
    const struct setting_group groups[] = {
        {SETTINGS, ARRAY_LEN(SETTINGS), &settings},
        nats_setting_group(&settings.nats),
    };

    keep_private();
    signals_ignore();
    log_init("streams", LOG_ERROR);
    switch (settings_load("streams", HANOK_VERSION, "Brings JetStream's streams up to date.",
                          groups, ARRAY_LEN(groups), argc, argv)) {
    case SETTING_EXIT_OK:
        return 0;
    case SETTING_EXIT_BAD:
        return 2;
    case SETTING_RUN:
        break;
    }
    return ensure(&settings);
}
