/* purge.c - the job that removes rows of attempts that say nothing any more. */
#include "tool/core/mem.h"
#include "tool/throttle/throttle.h"

enum { BATCH = 100 };

struct batch {
    struct throttle *t;
    struct attempt rows[BATCH];
    size_t n;
    int64_t now_us;
};

/* It may have been counted on since it was listed. */
static enum status is_over(void *row, const struct call *call, void *arg)
{
    (void)call;
    return ((struct attempt *)row)->over_us <= *(int64_t *)arg ? ST_OK : ST_CONFLICT;
}

static enum status remove_batch(struct transaction *tx, const struct call *call, void *arg)
{
    struct batch *batch = arg;
    enum status st = ST_OK;

    for (size_t i = 0; i < batch->n && st == ST_OK; i++) {
        st =
            store_remove(batch->t->attempts, tx, call, &batch->rows[i].id, is_over, &batch->now_us);
        if (st == ST_NOT_FOUND || st == ST_CONFLICT)
            st = ST_OK;
    }
    return st;
}

enum status throttle_purge(void *self, const struct job_run *run)
{
    struct batch *batch = MEM_NEW(struct batch);
    const struct store_list oldest = {.sort = "over_at"};
    enum status st;
    bool full;

    batch->t = self;
    batch->now_us = clock_wall_us(run->call->clock);
    st = store_list(batch->t->attempts, NULL, run->call, &oldest, BATCH, batch->rows, &batch->n);
    full = batch->n == BATCH;
    while (batch->n > 0 && batch->rows[batch->n - 1].over_us > batch->now_us) {
        batch->n--;
        full = false;
    }
    if (st == ST_OK && batch->n > 0)
        st = transactor_run(batch->t->transactor, run->call, remove_batch, batch);
    free(batch);
    return st == ST_OK && full ? ST_PENDING : st;
}
