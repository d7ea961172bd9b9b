/* takeover_bench.c - how long a partition waits when the instance that has its message in hand is
 * killed: milliseconds from the kill to the message's coming to another instance, the longest of
 * ROUNDS. One line of JSON on standard output. usage: takeover_bench ROUNDS */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "test/support/jetstream.h"
#include "tool/core/assert.h"
#include "tool/core/clock.h"
#include "tool/core/log.h"
#include "tool/stream/puller.h"

struct instance {
    struct loop *loop;
    struct link *link;
    struct puller *puller;
    unsigned n;
    bool hold;
};

static void on_pulled(void *arg, const struct pulled *pulled)
{
    struct instance *instance = arg;

    (void)pulled;
    instance->n++;
    if (!instance->hold)
        puller_ack(instance->puller);
}

static void start(struct instance *instance, const char *url, bool hold)
{
    struct link_config link = {.url = url, .name = "bench"};

    *instance = (struct instance){.loop = loop_create(&CLOCK_SYSTEM), .hold = hold};
    link.loop = instance->loop;
    instance->link = link_create(&link);
    instance->puller = puller_create(&(struct puller_config){.link = instance->link,
                                                             .loop = instance->loop,
                                                             .stream = "EVENTS",
                                                             .durable = "bench-07",
                                                             .filter = "event.*.*.07",
                                                             .fn = on_pulled,
                                                             .arg = instance});
}

static void stop(struct instance *instance)
{
    puller_destroy(instance->puller);
    link_destroy(instance->link);
    loop_destroy(instance->loop);
}

/* What is to be killed: takes one message and says that it is at it, for ever. */
static int hold(const char *url)
{
    struct instance instance;

    log_set_fd(-1);
    start(&instance, url, true);
    loop_run(instance.loop);
    return 0;
}

static bool is_held(struct jetstream *js)
{
    jsConsumerInfo *info = NULL;
    bool held;

    if (js_GetConsumerInfo(&info, js->js, "EVENTS", "bench-07", NULL, NULL) != NATS_OK)
        return false;
    held = info->NumAckPending == 1;
    jsConsumerInfo_Destroy(info);
    return held;
}

static int64_t measure(struct jetstream *js, const char *self)
{
    const char *const argv[] = {self, "hold", js->server.url, NULL};
    struct server_process *holder = server_process_start(argv, "/dev/null");
    struct instance other;
    int64_t killed_ms, took_ms;

    ASSERT(holder);
    jetstream_publish(js, "event.auth.account_created.07", NULL, "{}");
    while (!is_held(js))
        poll(NULL, 0, 10);
    start(&other, js->server.url, false);
    for (int i = 0; i < 50; i++) /* its pull is there */
        loop_turn(other.loop, 10);
    server_process_stop(holder, SIGKILL);
    killed_ms = clock_now_ms(&CLOCK_SYSTEM);
    while (other.n == 0)
        loop_turn(other.loop, 10);
    took_ms = clock_now_ms(&CLOCK_SYSTEM) - killed_ms;
    for (int i = 0; i < 10; i++) /* the acknowledgement is on its way */
        loop_turn(other.loop, 10);
    stop(&other);
    return took_ms;
}

int main(int argc, char **argv)
{
    struct jetstream js;
    long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    int64_t longest_ms = 0;

    if (argc == 3)
        return hold(argv[2]);
    if (rounds < 1 || rounds > 20) {
        fprintf(stderr, "usage: takeover_bench ROUNDS\n");
        return 2;
    }
    log_set_fd(-1);
    if (!jetstream_init(&js))
        return 1;
    for (long i = 0; i < rounds; i++) {
        int64_t ms = measure(&js, argv[0]);
        longest_ms = ms > longest_ms ? ms : longest_ms;
    }
    printf("{\"ms\": %lld}\n", (long long)longest_ms);
    jetstream_fini(&js);
    return 0;
}
