/* rebuild.c - see rebuild.h. The two tables are filled by the same function and from the same
 * owners: what is heard while it is built goes into both (dashboard_keep), what was heard before is
 * read. */
#include "usecase/dashboard/rebuild.h"

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/dashboard/keeping.h"
#include "usecase/dashboard/sources.h"

enum { STEP_MS = 2000 }; /* a batch takes less, unless somebody is slow */

/* ---- how far it is ---- */

static void show(const struct dashboard_rebuild *rebuild, struct dashboard_rebuilding *out)
{
    *out = (struct dashboard_rebuilding){
        .state = rebuild->state,
        .items = rebuild->items,
        .done = rebuild->done,
        .started_us = rebuild->started_us,
        .ended_us = rebuild->ended_us,
    };
}

static enum status want(void *row, const struct call *call, void *arg)
{
    struct dashboard_rebuild *rebuild = row;

    (void)arg;
    if (rebuild->state != REBUILD_IDLE)
        return ST_OK;
    rebuild->state = REBUILD_WANTED;
    rebuild->items = 0;
    rebuild->started_us = clock_wall_us(call->clock);
    rebuild->ended_us = 0;
    return ST_OK;
}

enum status dashboard_rebuild(void *self, struct transaction *tx, const struct call *call,
                              const void *in, void *out)
{
    const struct store_change change = {.fn = want};
    struct dashboards *dashboards = self;
    struct dashboard_rebuild rebuild;
    enum status st =
        store_change(dashboards->rebuilds, tx, call, &DASHBOARD_REBUILD_ID, &change, &rebuild);

    (void)in;
    if (st == ST_NOT_FOUND) {
        rebuild = (struct dashboard_rebuild){.id = DASHBOARD_REBUILD_ID};
        (void)want(&rebuild, call, NULL);
        st = store_insert(dashboards->rebuilds, tx, call, &rebuild, NULL);
    }
    if (st == ST_CONFLICT) /* somebody was faster with the first one ever */
        st = store_change(dashboards->rebuilds, tx, call, &DASHBOARD_REBUILD_ID, &change, &rebuild);
    if (st == ST_OK)
        show(&rebuild, out);
    return st;
}

static enum status become(void *row, const struct call *call, void *arg)
{
    const struct dashboard_rebuild *wanted = arg;
    struct dashboard_rebuild *rebuild = row;
    int64_t version = rebuild->version;

    (void)call;
    *rebuild = *wanted;
    rebuild->version = version;
    return ST_OK;
}

/* ST_STALE: another instance goes on with it. */
static enum status note(struct dashboards *self, struct transaction *tx, const struct call *call,
                        struct dashboard_rebuild *rebuild)
{
    struct dashboard_rebuild wanted = *rebuild;

    return store_change(
        self->rebuilds, tx, call, &DASHBOARD_REBUILD_ID,
        &(struct store_change){.fn = become, .arg = &wanted, .version = wanted.version}, rebuild);
}

/* ---- a batch ---- */

/* One run of the job: what it goes on with, and what it has read of that. */
struct rebuilding {
    struct dashboards *self;
    const struct job_run *run;
    struct dashboard_rebuild rebuild;
    struct dashboard_sources *sources; /* NULL: nothing was read so far */
    struct dashboard_batch *batch;
};

struct batch_work {
    struct rebuilding *now;
    struct dashboard_rebuild after;
};

static enum status write_batch(struct transaction *tx, const struct call *call, void *arg)
{
    struct batch_work *work = arg;
    struct dashboards *self = work->now->self;
    struct dashboard_batch *batch = work->now->batch;
    struct dashboard_rebuild *after = &work->after;
    enum status st;

    *after = work->now->rebuild;
    after->items += batch->items;
    after->after = batch->after;
    if (batch->is_last)
        after->state = REBUILD_SWAPPING;
    st = note(self, tx, call, after);
    return st == ST_OK ? dashboard_keep_many(self->next, tx, call, batch->rows, batch->n) : st;
}

static enum status read_batch(struct rebuilding *now, const struct call *call)
{
    struct batch_work work = {.now = now};
    enum status st;

    if (!now->sources)
        now->sources = dashboard_sources_open(now->self, now->rebuild.after);
    st = dashboard_sources_next(now->sources, call, now->batch);
    if (st == ST_OK)
        st = transactor_run(now->self->transactor, call, write_batch, &work);
    if (st == ST_OK)
        now->rebuild = work.after;
    return st;
}

/* ---- begin and end ---- */

static enum status begin(struct rebuilding *now, const struct call *call)
{
    struct dashboard_rebuild *rebuild = &now->rebuild;
    enum status st = view_tables_empty(now->self->tables, call, now->run->fence);

    rebuild->state = REBUILD_READING;
    rebuild->items = 0;
    rebuild->after = (struct uuid){{0}};
    return st == ST_OK ? note(now->self, NULL, call, rebuild) : st;
}

static enum status end(struct rebuilding *now, const struct call *call)
{
    struct dashboard_rebuild *rebuild = &now->rebuild;
    enum status st = view_tables_swap(now->self->tables, call, now->run->fence);

    if (st != ST_OK)
        return st;
    rebuild->state = REBUILD_IDLE;
    rebuild->done++;
    rebuild->ended_us = clock_wall_us(call->clock);
    st = note(now->self, NULL, call, rebuild);
    if (st == ST_OK) {
        log_info("the dashboard was built anew", LOG_CALL(call), LOG_INT("items", rebuild->items),
                 LOG_INT("ms", (rebuild->ended_us - rebuild->started_us) / 1000));
        /* or the next one does it */
        (void)view_tables_empty(now->self->tables, call, now->run->fence);
    }
    return st;
}

static enum status step(struct rebuilding *now, const struct call *call)
{
    switch ((enum rebuild_state)now->rebuild.state) {
    case REBUILD_WANTED:
        return begin(now, call);
    case REBUILD_READING:
        return read_batch(now, call);
    case REBUILD_SWAPPING:
        return end(now, call);
    case REBUILD_IDLE:
        break;
    }
    return ST_OK;
}

/* Not begun where there may be no time for it: that would look like a failure. */
static bool has_time(const struct call *call)
{
    return call_left_ms(call) > STEP_MS;
}

enum status dashboard_rebuild_go_on(void *self, const struct job_run *run)
{
    struct rebuilding now = {.self = self, .run = run};
    enum status st = dashboard_rebuild_find(now.self, NULL, run->call, &now.rebuild);

    if (st == ST_OK && now.rebuild.state == REBUILD_SWAPPING) {
        now.rebuild.state = REBUILD_WANTED;
        st = note(now.self, NULL, run->call, &now.rebuild);
    }
    if (st != ST_OK || now.rebuild.state == REBUILD_IDLE)
        return st == ST_STALE ? ST_OK : st;
    now.batch = MEM_NEW(struct dashboard_batch);
    while (st == ST_OK && now.rebuild.state != REBUILD_IDLE)
        st = has_time(run->call) ? step(&now, run->call) : ST_PENDING;
    dashboard_sources_close(now.sources);
    free(now.batch);
    return st == ST_STALE ? ST_OK : st;
}
