/* sweeper.c - see sweeper.h. */
#include "tool/sweep/sweeper.h"

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

enum { OVERDUE_COUNTED_MAX = 10000 };

struct acting {
    struct sweeper_config *config;
    const struct sweep_claim *claim;
};

static enum status act_body(struct transaction *tx, const struct call *call, void *arg)
{
    const struct acting *a = arg;
    struct sweep_rows *rows = a->config->rows;
    enum status st = rows->ops->lock(rows, tx, call, a->claim);

    return st == ST_OK ? a->config->act(a->config->arg, tx, call, a->claim->id) : st;
}

static enum sweep_answer ask(struct sweeper *sweeper, const struct call *call, struct uuid id)
{
    struct call asked = call_within(call, sweeper->config.ask_ms, NULL);

    if (!sweeper->config.ask)
        return SWEEP_UNWANTED;
    return sweeper->config.ask(sweeper->config.arg, &asked, id);
}

static enum status sweep_row(struct sweeper *sweeper, const struct call *call,
                             const struct sweep_claim *claim)
{
    enum sweep_answer answer = ask(sweeper, call, claim->id);
    struct acting acting = {&sweeper->config, claim};
    enum status st;

    metric_add(sweeper->answers[answer], 1);
    if (answer != SWEEP_UNWANTED)
        return ST_OK;
    st = transactor_run(sweeper->config.transactor, call, act_body, &acting);
    if (st == ST_OK)
        log_info("swept", LOG_TEXT("sweep", sweeper->config.name), LOG_UUID("id", claim->id));
    if (st == ST_OK || st == ST_STALE) /* stale: closed or claimed meanwhile, nothing left to do */
        return ST_OK;
    metric_add(sweeper->failed, 1);
    log_warn("cannot sweep, trying again", LOG_TEXT("sweep", sweeper->config.name),
             LOG_UUID("id", claim->id), LOG_STATUS(st));
    return st;
}

static void count_overdue(struct sweeper *sweeper, const struct call *call)
{
    struct sweep_rows *rows = sweeper->config.rows;
    int64_t n;

    if (rows->ops->overdue(rows, call, sweeper->config.grace_ms, OVERDUE_COUNTED_MAX, &n) == ST_OK)
        metric_set(sweeper->overdue, n);
}

enum status sweeper_run(void *self, const struct job_run *run)
{
    struct sweeper *sweeper = self;
    struct sweep_rows *rows = sweeper->config.rows;
    struct sweep_claim claims[SWEEP_BATCH_MAX];
    size_t n = 0;
    enum status st = rows->ops->claim(rows, run->call, sweeper->config.lease_ms,
                                      sweeper->config.batch, claims, &n);
    bool whole = n == sweeper->config.batch;

    /* Rows that time does not suffice for come again like those of a sweeper that died. */
    for (size_t i = 0; i < n && !call_expired(run->call); i++) {
        enum status one = sweep_row(sweeper, run->call, &claims[i]);

        if (st == ST_OK)
            st = one;
    }
    count_overdue(sweeper, run->call);
    return st == ST_OK && whole ? ST_PENDING : st;
}

void sweeper_init(struct sweeper *sweeper, const struct sweeper_config *config)
{
    static const char *const ANSWERS[] = {
        [SWEEP_NO_ANSWER] = "none", [SWEEP_WANTED] = "wanted", [SWEEP_UNWANTED] = "unwanted"};
    char name[64] = "";

    ASSERT(config->batch >= 1 && config->batch <= SWEEP_BATCH_MAX && config->act);
    *sweeper = (struct sweeper){.config = *config};
    metrics_label(name, sizeof(name), "sweep", config->name);
    sweeper->overdue =
        metrics_gauge(config->metrics, "hanok_sweep_overdue",
                      "Rows whose time is over and whose owner does not answer or act.", name);
    sweeper->failed = metrics_counter(config->metrics, "hanok_sweep_failures_total",
                                      "Rows that could not be swept at a try.", name);
    for (size_t i = 0; i < ARRAY_LEN(ANSWERS); i++) {
        char labels[128] = "";

        metrics_label(labels, sizeof(labels), "sweep", config->name);
        metrics_label(labels, sizeof(labels), "answer", ANSWERS[i]);
        sweeper->answers[i] = metrics_counter(config->metrics, "hanok_sweep_answers_total",
                                              "Owners asked, by what they said.", labels);
    }
}
