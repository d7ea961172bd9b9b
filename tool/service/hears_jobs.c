/* hears_jobs.c - see hears_jobs.h. */
#include "tool/service/hears_jobs.h"

#include "tool/core/mem.h"
#include "tool/event/feed.h"
#include "tool/event/replay.h"
#include "tool/job/job.h"

enum { RESUME_MS = 5000, RESUME_LONG_MS = 10000, CENSUS_MS = 5000, LOOK_MS = 2000 };
enum { FEED_MS = 5000, FEED_LONG_MS = 10000 };

struct hears_jobs {
    struct hearer *hearer;
    struct hearer *feeder; /* of views: a hearer handles one of a partition at a time */
    struct proxy *proxy;
    struct jobs *jobs;
    struct metric *letters[DEAD_LETTER_STATES], *oldest;
};

/* ---- dead letters ---- */

static enum status resume(void *self, const struct job_run *job)
{
    struct hears_jobs *j = self;
    unsigned done;

    return hearer_resume(j->hearer, job->call, &done);
}

static enum status take_census(void *self, const struct job_run *job)
{
    struct hears_jobs *j = self;
    struct dead_letters *letters = hearer_config(j->hearer)->dead_letters;
    struct dead_letter_census census;
    enum status st = letters->ops->census(letters, job->call, &census);

    if (st != ST_OK)
        return st;
    for (int i = 0; i < DEAD_LETTER_STATES; i++)
        metric_set(j->letters[i], census.count[i]);
    metric_set(j->oldest, census.oldest_ms / 1000);
    return ST_OK;
}

static void make_metrics(struct hears_jobs *j, struct metrics *metrics)
{
    for (int i = 0; i < DEAD_LETTER_STATES; i++) {
        char label[64] = "";
        metrics_label(label, sizeof(label), "state", DEAD_LETTER_STATE_NAMES[i]);
        j->letters[i] =
            metrics_gauge(metrics, "hanok_dead_letters",
                          "Events that could not be handled, and those behind them.", label);
    }
    j->oldest = metrics_gauge(metrics, "hanok_dead_letter_oldest_seconds",
                              "Age of the oldest dead letter.", "");
}

/* ---- views ---- */

static enum status ask(void *arg, const struct call *call, const struct operation *from,
                       const struct export_query *query, struct export_page *page)
{
    return proxy_call(arg, call, from, query, page);
}

static enum status feed(void *self, const struct job_run *job)
{
    struct hears_jobs *j = self;
    struct feed from = {j->feeder, ask, j->proxy};

    return feed_go_on(&from, job->call);
}

/* That of views comes last: not every service has some. */
static const struct job JOBS[] = {
    {"dead_letter_census", 0, take_census, CENSUS_MS, LOOK_MS,        JOB_EVERYWHERE,   1000},
    {"dead_letter_resume", 0, resume,      RESUME_MS, RESUME_LONG_MS, JOB_ONE_INSTANCE, 2000},
    {"view_feed",          0, feed,        FEED_MS,   FEED_LONG_MS,   JOB_ONE_INSTANCE, 1000},
};
enum { JOBS_WITHOUT_VIEWS = ARRAY_LEN(JOBS) - 1 };

/* ---- life ---- */

struct hears_jobs *hears_jobs_create(const struct hears_config *config)
{
    struct hears_jobs *j = MEM_NEW(struct hears_jobs);
    const struct hearer_config *hearer = hearer_config(config->hearer);

    j->hearer = config->hearer;
    j->proxy = config->proxy;
    if (config->proxy && feed_is_wanted(hearer->rows, hearer->n))
        j->feeder = hearer_create(hearer);
    make_metrics(j, config->metrics);
    j->jobs = jobs_create(&(struct jobs_config){
        .rows = JOBS,
        .n = j->feeder ? ARRAY_LEN(JOBS) : JOBS_WITHOUT_VIEWS,
        .self = j,
        .thread = "dead letters",
        .threads = 1,
        .clock = hearer->clock,
        .entropy = config->entropy,
        .metrics = config->metrics,
        .lease = config->lease,
    });
    return j;
}

void hears_jobs_stop(struct hears_jobs *j)
{
    jobs_stop(j->jobs);
}

unsigned hears_jobs_open(const struct hears_jobs *j)
{
    return jobs_running(j->jobs);
}

void hears_jobs_destroy(struct hears_jobs *j)
{
    jobs_destroy(j->jobs);
    hearer_destroy(j->feeder);
    free(j);
}
