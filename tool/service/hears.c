/* hears.c - see hears.h. */
#include "tool/service/hears.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/loop_task.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/service/hears_jobs.h"

enum {
    FULL_MS = 50,
    LAG_MAX = 4,         /* of one partition, in a trickle: what one account has said */
    GATHER_MS = 20,      /* who comes first goes at once; those behind go together */
    TOGETHER_US = 50000, /* so long at most, as far as is known, is worked on what goes together */
};

/* A partition: what comes through its consumer, one after the other. */
struct lane {
    struct hears *hears;
    struct puller *puller;
    struct delivery delivery; /* borrows from the message in hand */
    struct loop_task done;
    struct heard_event heard;
    int64_t took_us; /* of the worker's time */
    /* What goes together, the first of it has these of. */
    struct work work;
    struct lane *together[HEARER_TOGETHER_MAX];
    size_t n;
};

struct hears {
    struct hears_config config;
    const struct hearer_config *hearer;
    struct hears_jobs *jobs;
    struct lane lanes[EVENT_PARTITIONS];
    struct lane *gathered[EVENT_PARTITIONS]; /* to be handed to workers */
    size_t n_gathered;
    bool is_behind;             /* many of one of them wait in the stream */
    int64_t handed_ms, took_us; /* when some were, the last time; what one takes */
    struct metric *events[HEARD_KINDS], *age, *lag;
    struct metric *view_age; /* NULL = there is no view */
};

char *hears_durable(const char *service, unsigned partition, char buf[PULLER_NAME_MAX + 1])
{
    int n = snprintf(buf, PULLER_NAME_MAX + 1, "%s-%02u", service, partition);

    ASSERT(n > 0 && n <= PULLER_NAME_MAX);
    return buf;
}

/* ---- events ---- */

static void settle(struct lane *lane)
{
    struct heard_event heard = lane->heard;

    metric_add(lane->hears->events[heard.what], 1);
    if (heard.what == HEARD_FAILED || heard.what == HEARD_AWAY)
        puller_again(lane->puller, heard.wait_ms);
    else
        puller_ack(lane->puller);
}

/* Whether a view has what was heard. */
static bool is_in_view(const struct lane *lane)
{
    const struct hearer_config *hearer = lane->hears->hearer;
    const struct hearing *row =
        hearing_find(hearer->rows, hearer->n, lane->delivery.type ? lane->delivery.type : "", NULL);

    return row && row->kind == HEAR_LATEST && lane->heard.what == HEARD_HANDLED;
}

/* A view is another one now, which it says nothing of as an event: who waits for it may look. */
static void tell_change(const struct lane *lane)
{
    const struct hears *h = lane->hears;
    char subject[LINK_SUBJECT_MAX + 1];

    if (!is_in_view(lane))
        return;
    snprintf(subject, sizeof(subject), "changed.%s.%s", h->hearer->service, lane->delivery.key);
    link_publish(h->config.link, &(struct message_out){.data = ""}, subject, NULL);
}

static void on_done(void *arg)
{
    struct lane *lane = arg;
    struct hears *h = lane->hears;

    h->took_us += (lane->took_us - h->took_us) / 8;
    tell_change(lane);
    settle(lane);
}

/* A worker's. */
static void note_age(const struct lane *lane)
{
    const struct hears *h = lane->hears;
    int64_t age_us;

    if (lane->heard.what != HEARD_HANDLED || !lane->delivery.time ||
        clock_parse(lane->delivery.time, &age_us) != 0)
        return;
    age_us = clock_wall_us(h->hearer->clock) - age_us;
    metric_observe_us(h->age, age_us);
    if (is_in_view(lane))
        metric_observe_us(h->view_age, age_us);
}

static void run(struct work *work)
{
    struct lane *first = container_of(work, struct lane, work);
    struct hears *h = first->hears;
    const struct delivery *deliveries[HEARER_TOGETHER_MAX] = {NULL};
    struct heard_event heard[HEARER_TOGETHER_MAX];
    struct loop_tasks done = {0};
    size_t n = first->n;
    int64_t from_ms = clock_now_ms(h->hearer->clock), took_us;

    for (size_t i = 0; i < n; i++)
        deliveries[i] = &first->together[i]->delivery;
    hearer_handle_all(h->config.hearer, deliveries, n, heard);
    took_us = (clock_now_ms(h->hearer->clock) - from_ms) * 1000 / (int64_t)n;
    for (size_t i = 0; i < n; i++) {
        struct lane *lane = first->together[i];
        lane->heard = heard[i];
        lane->took_us = took_us;
        note_age(lane);
        lane->done = (struct loop_task){.fn = on_done, .arg = lane};
        loop_tasks_add(&done, &lane->done);
    }
    loop_post_all(h->config.loop, &done);
}

static void read_message(struct delivery *d, const struct pulled *pulled)
{
    const struct message *m = pulled->message;

    *d = (struct delivery){.subject = message_subject(m),
                           .stream_seq = pulled->stream_seq,
                           .attempt = pulled->delivered};
    d->data = message_data(m, &d->len);
    for (size_t i = 0; i < DELIVERY_HEADERS; i++) {
        const struct delivery_header *h = &DELIVERY_HEADER_ROWS[i];
        *(const char **)(void *)((char *)d + h->offset) = message_header(m, h->name);
    }
}

static void on_pulled(void *arg, const struct pulled *pulled)
{
    struct lane *lane = arg;
    struct hears *h = lane->hears;

    if (!hearer_hears(h->config.hearer, message_subject(pulled->message))) {
        lane->heard = (struct heard_event){HEARD_NOT_OURS, 0};
        settle(lane);
        return;
    }
    read_message(&lane->delivery, pulled);
    h->is_behind |= puller_lag(lane->puller) > LAG_MAX;
    h->gathered[h->n_gathered++] = lane;
}

/* Of handlers that take long fewer go together, so that the others do not wait for them. */
static size_t most_together(const struct hears *h)
{
    int64_t n = TOGETHER_US / (h->took_us + 1);

    return n < 1 ? 1 : n < HEARER_TOGETHER_MAX ? (size_t)n : HEARER_TOGETHER_MAX;
}

/* False: they are settled, for there is no room. */
static bool hand_over(struct hears *h, struct lane *const lanes[], size_t n)
{
    struct lane *first = lanes[0];

    memcpy(first->together, lanes, n * sizeof(lanes[0]));
    first->n = n;
    first->work = (struct work){.fn = run};
    if (work_pool_submit(h->config.pool, &first->work))
        return true;
    for (size_t i = 0; i < n; i++) {
        lanes[i]->heard = (struct heard_event){HEARD_AWAY, FULL_MS};
        settle(lanes[i]);
    }
    return false;
}

/* What comes in a trickle waits for company. */
static int on_turn(void *arg)
{
    struct hears *h = arg;
    int64_t left_ms = h->handed_ms + GATHER_MS - clock_now_ms(h->hearer->clock);
    size_t most = most_together(h), n;
    bool settled = false;

    if (h->n_gathered == 0)
        return -1;
    if (!h->is_behind && left_ms > 0)
        return (int)left_ms;
    for (size_t i = 0; i < h->n_gathered; i += n) {
        n = h->n_gathered - i < most ? h->n_gathered - i : most;
        settled |= !hand_over(h, &h->gathered[i], n);
    }
    h->n_gathered = 0;
    h->is_behind = false;
    h->handed_ms = clock_now_ms(h->hearer->clock);
    return settled ? 0 : -1; /* another turn sends that */
}

/* ---- metrics ---- */

static void collect(void *arg)
{
    struct hears *h = arg;
    uint64_t lag = 0;

    for (unsigned i = 0; i < EVENT_PARTITIONS; i++)
        lag += puller_lag(h->lanes[i].puller);
    metric_set(h->lag, (int64_t)lag);
}

static void make_metrics(struct hears *h)
{
    struct metrics *metrics = h->config.metrics;
    char label[64] = "";

    for (int i = 0; i < HEARD_KINDS; i++) {
        label[0] = '\0';
        metrics_label(label, sizeof(label), "result", HEARD_NAMES[i]);
        h->events[i] = metrics_counter(metrics, "hanok_events_heard_total",
                                       "Events delivered, by what became of them.", label);
    }
    h->age = metrics_histogram(metrics, "hanok_event_seconds",
                               "From what has happened to when it was handled here.", "");
    for (size_t i = 0; i < h->hearer->n; i++)
        if (h->hearer->rows[i].kind == HEAR_LATEST)
            h->view_age = metrics_histogram(
                metrics, "hanok_view_seconds",
                "From what has happened to when a view here has it, committed.", "");
    h->lag = metrics_gauge(metrics, "hanok_events_lag",
                           "Events in the stream that are not yet handled, as last heard.", "");
    metrics_add_collector(metrics, collect, h);
}

/* ---- life ---- */

static void start_lane(struct hears *h, unsigned partition)
{
    struct lane *lane = &h->lanes[partition];
    char durable[PULLER_NAME_MAX + 1], filter[32];

    snprintf(filter, sizeof(filter), "event.*.*.%02u", partition);
    lane->hears = h;
    lane->puller = puller_create(&(struct puller_config){
        .link = h->config.link,
        .loop = h->config.loop,
        .stream = h->config.stream,
        .durable = hears_durable(h->hearer->service, partition, durable),
        .filter = filter,
        .fn = on_pulled,
        .arg = lane,
    });
}

struct hears *hears_create(const struct hears_config *config)
{
    struct hears *h = MEM_NEW(struct hears);

    h->config = *config;
    h->hearer = hearer_config(config->hearer);
    for (unsigned i = 0; i < EVENT_PARTITIONS; i++)
        start_lane(h, i);
    loop_add_turn(config->loop, on_turn, h);
    make_metrics(h);
    h->jobs = hears_jobs_create(config);
    return h;
}

void hears_stop(struct hears *h)
{
    hears_jobs_stop(h->jobs);
    for (unsigned i = 0; i < EVENT_PARTITIONS; i++)
        puller_stop(h->lanes[i].puller);
}

unsigned hears_open(const struct hears *h)
{
    unsigned n = hears_jobs_open(h->jobs);

    for (unsigned i = 0; i < EVENT_PARTITIONS; i++)
        n += puller_busy(h->lanes[i].puller);
    return n;
}

void hears_destroy(struct hears *h)
{
    if (!h)
        return;
    hears_jobs_destroy(h->jobs);
    for (unsigned i = 0; i < EVENT_PARTITIONS; i++)
        puller_destroy(h->lanes[i].puller);
    free(h);
}
