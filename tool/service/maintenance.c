/* maintenance.c - what the skeleton does by itself: rows of jobs, one after the other. */
#include "tool/service/maintenance.h"

#include <stdatomic.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/job/job.h"

enum { PURGE_BATCH = 500, UP_FOR_MS = 4000, CHORES_MAX = 10 + PURGE_ROWS_MAX };

struct maintenance {
    struct maintenance_config config;
    struct jobs *jobs;
    bool database_up;    /* at the last ping; the thread's own */
    enum status checked; /* ST_PENDING: not yet; the thread's own */
    _Atomic int64_t last_answer_ms;
    struct job chores[CHORES_MAX];
    struct metric *pending, *oldest_pending; /* of the outbox */
    struct metric *sagas[SAGA_STATES], *unknown, *unreadable, *oldest_open, *mistakes;
};

/* The pool logs when the database goes away and comes back. */
static enum status ping(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    const char *why;

    m->database_up = dbc_ping(m->config.db, run->call, &why) == ST_OK;
    if (m->database_up && m->checked != ST_OK && m->checked != ST_INVALID)
        m->checked = m->config.check(m->config.arg, run->call);
    if (m->database_up && m->checked == ST_OK)
        atomic_store(&m->last_answer_ms, clock_now_ms(m->config.clock));
    return ST_OK;
}

static enum status measure(void *self, const struct job_run *run)
{
    struct maintenance *m = self;

    return m->database_up && m->config.measure ? m->config.measure(m->config.arg, run->call)
                                               : ST_OK;
}

static enum status count(void *self, const struct job_run *run)
{
    struct maintenance *m = self;

    return m->database_up ? m->config.count(m->config.arg, run->call) : ST_OK;
}

static enum status poll_sagas(void *self, const struct job_run *run)
{
    struct maintenance *m = self;

    if (m->database_up)
        saga_engine_poll(m->config.sagas, run->call);
    return ST_OK;
}

static enum status take_census(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    struct saga_store *store = m->config.store;
    struct saga_census census;
    enum status st;

    if (!m->database_up)
        return ST_OK;
    st = store->ops->census(store, run->call, &census);
    if (st != ST_OK)
        return st;
    for (int i = 0; i < SAGA_STATES; i++)
        metric_set(m->sagas[i], census.count[i]);
    metric_set(m->unknown, census.unknown);
    metric_set(m->unreadable, (int64_t)saga_engine_unreadable(m->config.sagas));
    metric_add(m->mistakes,
               (int64_t)saga_engine_mistakes(m->config.sagas) - metric_value(m->mistakes));
    metric_set(m->oldest_open, census.oldest_open_ms / 1000);
    return ST_OK;
}

static enum status purge_messages(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    struct barrier *barrier = m->config.barrier;
    size_t n = 0;
    enum status st =
        barrier->ops->purge(barrier, run->call, m->config.message_retention_s, PURGE_BATCH, &n);

    return st == ST_OK && n == PURGE_BATCH ? ST_PENDING : st;
}

static enum status purge_sagas(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    struct saga_store *store = m->config.store;
    size_t n = 0;
    enum status st =
        store->ops->purge(store, run->call, m->config.saga_retention_s, PURGE_BATCH, &n);

    return st == ST_OK && n == PURGE_BATCH ? ST_PENDING : st;
}

/* What a row deletes with each of the rows it is about counts too. */
static enum status purge_rows(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    const struct purge_row *row = m->config.purges;
    size_t n = 0;
    enum status st;

    while (strcmp(row->name, run->name) != 0)
        row++;
    st =
        dbc_purge_row(m->config.db, row, run->call, m->config.message_retention_s, PURGE_BATCH, &n);
    return st == ST_OK && n >= PURGE_BATCH ? ST_PENDING : st;
}

static enum status look_at_outbox(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    struct outbox *outbox = m->config.outbox;
    struct outbox_lag lag;
    enum status st;

    if (!m->database_up)
        return ST_OK;
    st = outbox->ops->lag(outbox, run->call, &lag);
    if (st != ST_OK)
        return st;
    metric_set(m->pending, lag.pending);
    metric_set(m->oldest_pending, lag.oldest_ms / 1000);
    return ST_OK;
}

static enum status purge_outbox(void *self, const struct job_run *run)
{
    struct maintenance *m = self;
    struct outbox *outbox = m->config.outbox;
    size_t n = 0;
    enum status st =
        outbox->ops->purge(outbox, run->call, m->config.outbox_retention_s, PURGE_BATCH, &n);

    return st == ST_OK && n == PURGE_BATCH ? ST_PENDING : st;
}

/* What a chore is for: not every service counts rows, says what has happened, or has sagas. */
enum need { ALWAYS, COUNTS, OUTBOX, SAGAS };

/* Purging goes in small batches, so that no lock is held for long. The first ping is at once:
 * nobody is ready before it. */
static const struct {
    enum need need;
    struct job job;
} CHORES[] = {
    {ALWAYS, {"database_ping", 0, ping, 1000, 2000, JOB_EVERYWHERE, 0}                   },
    {ALWAYS, {"message_purge", 0, purge_messages, 3600000, 2000, JOB_ONE_INSTANCE, 60000}},
    {ALWAYS, {"doctor", 0, measure, 300000, 10000, JOB_EVERYWHERE, 30000}                },
    {COUNTS, {"tallies", 0, count, 15000, 5000, JOB_EVERYWHERE, 5000}                    },
    {OUTBOX, {"outbox_lag", 0, look_at_outbox, 5000, 2000, JOB_EVERYWHERE, 1000}         },
    {OUTBOX, {"outbox_purge", 0, purge_outbox, 600000, 2000, JOB_ONE_INSTANCE, 60000}    },
    {SAGAS,  {"saga_poll", 0, poll_sagas, 200, 2000, JOB_EVERYWHERE, 0}                  },
    {SAGAS,  {"saga_census", 0, take_census, 5000, 2000, JOB_EVERYWHERE, 1000}           },
    {SAGAS,  {"saga_purge", 0, purge_sagas, 3600000, 2000, JOB_ONE_INSTANCE, 60000}      },
};

static size_t choose(const struct maintenance_config *config, struct job rows[])
{
    const bool has[] = {[ALWAYS] = true,
                        [COUNTS] = config->count,
                        [OUTBOX] = config->outbox,
                        [SAGAS] = config->sagas};
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(CHORES); i++)
        if (has[CHORES[i].need])
            rows[n++] = CHORES[i].job;
    for (const struct purge_row *row = config->purges; row && row->name; row++) {
        ASSERT(n < CHORES_MAX);
        rows[n++] = (struct job){row->name, 0, purge_rows, 3600000, 2000, JOB_ONE_INSTANCE, 60000};
    }
    return n;
}

static void make_outbox_gauges(struct maintenance *m)
{
    m->pending = metrics_gauge(m->config.metrics, "hanok_outbox_pending",
                               "Events that are not in the stream yet; 100000 and more are not "
                               "counted.",
                               "");
    m->oldest_pending = metrics_gauge(m->config.metrics, "hanok_outbox_oldest_pending_seconds",
                                      "Age of the oldest event that is not in the stream yet.", "");
}

static void make_gauges(struct maintenance *m)
{
    if (m->config.outbox)
        make_outbox_gauges(m);
    if (!m->config.store)
        return;
    for (int i = 0; i < SAGA_STATES; i++) {
        char label[64] = "";

        metrics_label(label, sizeof(label), "state", SAGA_STATE_NAMES[i]);
        m->sagas[i] = metrics_gauge(m->config.metrics, "hanok_sagas", "Sagas by state.", label);
    }
    m->unknown =
        metrics_gauge(m->config.metrics, "hanok_sagas", "Sagas by state.", "state=\"UNKNOWN\"");
    m->unreadable =
        metrics_gauge(m->config.metrics, "hanok_sagas_unreadable",
                      "Open sagas set aside here, as this release cannot read their rows.", "");
    m->mistakes = metrics_counter(m->config.metrics, "hanok_saga_mistakes_total",
                                  "Steps answered as they must not be: a mistake of ours.", "");
    m->oldest_open = metrics_gauge(m->config.metrics, "hanok_saga_oldest_open_seconds",
                                   "Age of the oldest saga that has not ended.", "");
}

struct maintenance *maintenance_create(const struct maintenance_config *config)
{
    struct maintenance *m = MEM_NEW(struct maintenance);

    m->config = *config;
    m->checked = config->check ? ST_PENDING : ST_OK;
    m->last_answer_ms = INT64_MIN / 2; /* never */
    make_gauges(m);
    m->jobs = jobs_create(&(struct jobs_config){
        .rows = m->chores,
        .n = choose(config, m->chores),
        .self = m,
        .thread = "maintenance",
        .threads = 1,
        .clock = config->clock,
        .entropy = config->entropy,
        .metrics = config->metrics,
        .lease = config->lease,
    });
    return m;
}

bool maintenance_database_up(const struct maintenance *m)
{
    /* By time, so that a ping that hangs tells too. */
    return clock_now_ms(m->config.clock) - atomic_load(&m->last_answer_ms) < UP_FOR_MS;
}

void maintenance_sagas(const struct maintenance *m, int64_t *open, int64_t *oldest_s)
{
    *open = metric_value(m->unknown);
    for (int i = 0; i < SAGA_STATES; i++)
        if (i != SAGA_SUCCEEDED && i != SAGA_COMPENSATED)
            *open += metric_value(m->sagas[i]);
    *oldest_s = metric_value(m->oldest_open);
}

void maintenance_outbox(const struct maintenance *m, int64_t *pending, int64_t *oldest_s)
{
    *pending = metric_value(m->pending);
    *oldest_s = metric_value(m->oldest_pending);
}

void maintenance_destroy(struct maintenance *m)
{
    if (!m)
        return;
    jobs_destroy(m->jobs);
    free(m);
}
