/* relaying.c - see relaying.h. */
#include "tool/service/relaying.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/core/waiting.h"
#include "tool/outbox/mysql/outbox_binlog.h"
#include "tool/outbox/mysql/outbox_mysql.h"
#include "tool/outbox/relay.h"
#include "tool/stream/stream_publisher.h"
#include "tool/stream/streams.h"

struct relaying {
    struct relaying_config config;
    struct outbox *outbox;
    struct outbox *tailed; /* the same, for the relay; NULL = it reads the table */
    struct partition_lease *lease;
    struct stream_publisher *publisher;
    struct relay *relay;
    pthread_t thread;
    pthread_mutex_t lock; /* of the two below */
    pthread_cond_t cond;
    bool signalled;
    bool stopping;
    atomic_bool started;
    atomic_bool ended;
    struct relay_counts collected; /* as the counters say */
    struct metric *tails;          /* NULL = it reads the table */
    struct metric *held, *sent, *failed, *again;
};

static void signal_thread(struct relaying *r)
{
    pthread_mutex_lock(&r->lock);
    if (!r->signalled)
        pthread_cond_signal(&r->cond);
    r->signalled = true;
    pthread_mutex_unlock(&r->lock);
}

static void on_changed(void *arg)
{
    struct relaying *r = arg;

    if (r->started && relay_waits(r->relay))
        signal_thread(r);
}

static void on_committed(void *arg)
{
    struct relaying *r = arg;

    if (!r->started)
        return;
    if (relay_wake(r->relay))
        signal_thread(r);
}

/* False: it is to stop. */
static bool wait_for(struct relaying *r, int64_t ms)
{
    struct timespec until = waiting_until(ms);
    bool go_on;

    pthread_mutex_lock(&r->lock);
    while (!r->signalled && !r->stopping && waiting_on(&r->cond, &r->lock, &until)) {
    }
    r->signalled = false;
    go_on = !r->stopping;
    pthread_mutex_unlock(&r->lock);
    return go_on;
}

static void *run(void *arg)
{
    struct relaying *r = arg;

    pthread_setname_np(pthread_self(), "relay");
    while (wait_for(r, relay_turn(r->relay))) {
    }
    relay_leave(r->relay);
    atomic_store(&r->ended, true);
    return NULL;
}

static void make_metrics(struct relaying *r)
{
    struct metrics *metrics = r->config.metrics;

    r->held = metrics_gauge(metrics, "hanok_outbox_partitions",
                            "Partitions of the outbox that this process relays.", "");
    r->sent = metrics_counter(metrics, "hanok_outbox_sent_total",
                              "Events that the stream has acknowledged.", "");
    r->failed = metrics_counter(metrics, "hanok_outbox_failed_total",
                                "Events that the stream did not acknowledge; sent again.", "");
    r->again = metrics_counter(metrics, "hanok_outbox_lost_total",
                               "Events that the stream lost after acknowledging; sent again.", "");
    if (r->config.tails)
        r->tails = metrics_gauge(metrics, "hanok_outbox_log_read",
                                 "1 = the outbox is read from the transaction log, 0 = it cannot "
                                 "be, and the table is polled.",
                                 "");
}

struct relaying *relaying_create(const struct relaying_config *config)
{
    struct relaying *r = MEM_NEW(struct relaying);

    r->config = *config;
    r->ended = true;
    pthread_mutex_init(&r->lock, NULL);
    waiting_init(&r->cond);
    r->outbox = outbox_mysql_create(config->db, config->entropy, on_committed, r);
    r->lease = partition_lease_mysql_create(config->db);
    make_metrics(r);
    return r;
}

struct outbox *relaying_outbox(struct relaying *r)
{
    return r->outbox;
}

void relaying_start(struct relaying *r)
{
    const struct relaying_config *c = &r->config;
    sigset_t all, before;

    r->publisher = stream_publisher_create(&(struct stream_publisher_config){
        .link = c->link,
        .loop = c->loop,
        .client = c->client,
        .clock = c->clock,
        .stream = stream_find(STREAM_EVENTS),
        .nats = c->nats,
        .replicas = c->replicas,
        .service = c->service,
        .changed = on_changed,
        .arg = r,
    });
    if (c->tails)
        r->tailed = outbox_binlog_create(&(struct outbox_binlog_config){
            .table = r->outbox,
            .db = c->db,
            .entropy = c->entropy,
            .changed = on_committed,
            .arg = r,
        });
    r->relay = relay_create(&(struct relay_config){
        .outbox = c->tails ? r->tailed : r->outbox,
        .lease = r->lease,
        .publisher = stream_publisher_base(r->publisher),
        .clock = c->clock,
        .entropy = c->entropy,
        .on_disk = c->tails,
    });
    r->ended = false;
    r->started = true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    ASSERT(pthread_create(&r->thread, NULL, run, r) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void relaying_stop(struct relaying *r)
{
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->cond);
    pthread_mutex_unlock(&r->lock);
}

bool relaying_has_ended(const struct relaying *r)
{
    return atomic_load(&r->ended);
}

struct relay_counts relaying_counts(const struct relaying *r)
{
    return r->started ? relay_counts(r->relay) : (struct relay_counts){0};
}

void relaying_collect(void *arg)
{
    struct relaying *r = arg;
    struct relay_counts now;

    if (!r->started)
        return;
    now = relay_counts(r->relay);
    if (r->tailed)
        metric_set(r->tails, outbox_binlog_reads(r->tailed));
    metric_set(r->held, __builtin_popcount(now.held));
    metric_add(r->sent, (int64_t)(now.sent - r->collected.sent));
    metric_add(r->failed, (int64_t)(now.failed - r->collected.failed));
    metric_add(r->again, (int64_t)(now.again - r->collected.again));
    r->collected = now;
}

void relaying_destroy(struct relaying *r)
{
    if (!r)
        return;
    relaying_stop(r);
    if (r->started)
        pthread_join(r->thread, NULL);
    outbox_destroy(r->tailed);
    stream_publisher_destroy(r->publisher);
    relay_destroy(r->relay);
    r->lease->ops->destroy(r->lease);
    outbox_destroy(r->outbox);
    pthread_cond_destroy(&r->cond);
    pthread_mutex_destroy(&r->lock);
    free(r);
}
