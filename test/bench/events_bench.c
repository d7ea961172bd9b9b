/* events_bench.c - events in order, how many a second: of one ordered consumer, and of
 * EVENT_PARTITIONS of them, whose handler waits MS for each. One line of JSON on standard output.
 * usage: events_bench SECONDS MS */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "test/support/jetstream.h"
#include "tool/core/assert.h"
#include "tool/core/clock.h"
#include "tool/core/log.h"
#include "tool/core/loop_task.h"
#include "tool/core/mem.h"
#include "tool/core/work_pool.h"
#include "tool/encoder/event_type.h"
#include "tool/stream/puller.h"

enum { RATE_MAX = 1000 }; /* of one partition: it waits for a millisecond */

struct bench;

struct lane {
    struct bench *bench;
    struct puller *puller;
    struct work work;
    struct loop_task done;
};

struct bench {
    struct jetstream js;
    struct loop *loop;
    struct work_pool *pool;
    struct lane lanes[EVENT_PARTITIONS];
    int wait_ms;
    long n;
};

static void on_done(void *arg)
{
    struct lane *lane = arg;

    lane->bench->n++;
    puller_ack(lane->puller);
}

static void run(struct work *work)
{
    struct lane *lane = container_of(work, struct lane, work);

    poll(NULL, 0, lane->bench->wait_ms);
    lane->done = (struct loop_task){.fn = on_done, .arg = lane};
    loop_post(lane->bench->loop, &lane->done);
}

static void on_pulled(void *arg, const struct pulled *pulled)
{
    struct lane *lane = arg;

    (void)pulled;
    lane->work = (struct work){.fn = run};
    ASSERT(work_pool_submit(lane->bench->pool, &lane->work));
}

static void fill(struct bench *bench, unsigned partitions, long n)
{
    char subject[EVENT_SUBJECT_MAX + 1];
    natsMsg *msg = NULL;

    for (long i = 0; i < n; i++) {
        event_subject("auth.account_created", (unsigned)(i % partitions), subject);
        ASSERT(natsMsg_Create(&msg, subject, NULL, "{}", 2) == NATS_OK);
        ASSERT(js_PublishMsgAsync(bench->js.js, &msg, NULL) == NATS_OK);
    }
    ASSERT(js_PublishAsyncComplete(bench->js.js, NULL) == NATS_OK);
}

/* Messages a second. */
static double measure(struct bench *bench, unsigned partitions, int64_t seconds)
{
    struct link_config link = {.url = bench->js.server.url, .name = "bench"};
    int64_t from_ms;
    struct link *connection;

    js_DeleteStream(bench->js.js, "EVENTS", NULL, NULL);
    jetstream_make_stream(&bench->js);
    fill(bench, partitions, (seconds + 1) * RATE_MAX * partitions);
    bench->loop = link.loop = loop_create(&CLOCK_SYSTEM);
    connection = link_create(&link);
    for (unsigned i = 0; i < partitions; i++) {
        struct lane *lane = &bench->lanes[i];
        char durable[32], filter[32];

        snprintf(durable, sizeof(durable), "bench-%02u", i);
        snprintf(filter, sizeof(filter), "event.*.*.%02u", i);
        lane->bench = bench;
        lane->puller = puller_create(&(struct puller_config){.link = connection,
                                                             .loop = bench->loop,
                                                             .stream = "EVENTS",
                                                             .durable = durable,
                                                             .filter = filter,
                                                             .fn = on_pulled,
                                                             .arg = lane});
    }
    for (bench->n = 0; bench->n < (long)partitions * 10;)
        loop_turn(bench->loop, 100);
    bench->n = 0;
    for (from_ms = clock_now_ms(&CLOCK_SYSTEM);
         clock_now_ms(&CLOCK_SYSTEM) < from_ms + seconds * 1000;)
        loop_turn(bench->loop, 100);
    while (work_pool_queued(bench->pool) + work_pool_running(bench->pool) > 0)
        poll(NULL, 0, 1);
    for (unsigned i = 0; i < partitions; i++)
        puller_destroy(bench->lanes[i].puller);
    link_destroy(connection);
    loop_destroy(bench->loop);
    return (double)bench->n * 1000 / (double)(clock_now_ms(&CLOCK_SYSTEM) - from_ms);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    long seconds = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    double one, all;

    bench.wait_ms = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (seconds < 1 || seconds > 60 || bench.wait_ms < 1) {
        fprintf(stderr, "usage: events_bench SECONDS MS\n");
        return 2;
    }
    log_set_fd(-1);
    if (!jetstream_init(&bench.js))
        return 1;
    bench.pool = work_pool_create(&(struct work_pool_config){
        .name = "events", .threads = EVENT_PARTITIONS, .capacity = EVENT_PARTITIONS});
    one = measure(&bench, 1, seconds);
    all = measure(&bench, EVENT_PARTITIONS, seconds);
    printf("{\"one\": %.0f, \"partitions\": %.0f, \"ratio\": %.2f}\n", one, all, all / one);
    work_pool_destroy(bench.pool);
    jetstream_fini(&bench.js);
    return 0;
}
