/* rebuild.c - see rebuild.h. The two tables are filled by the same function and from the same
 * owners: what is heard while it is built goes into both (dashboard_keep), what was heard before is
 * read. */
#include "usecase/dashboard/rebuild.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/dashboard/sources.h"

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

/* ---- a page ---- */

struct page_work {
    struct dashboards *self;
    struct dashboard_news_page *page;
    struct dashboard_rebuild before, after;
};

/* Rows that are there already, as they were seen and as they are to be. */
struct joining {
    struct dashboard found[EXPORT_PAGE_MAX], seen[EXPORT_PAGE_MAX], wanted[EXPORT_PAGE_MAX];
    bool is_there[EXPORT_PAGE_MAX];
    size_t n;
};

static enum status keep_each(struct store *rows, struct transaction *tx, const struct call *call,
                             const struct dashboard_news_page *page)
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < page->n; i++)
        st = dashboard_keep_in(rows, tx, call, &page->news[i]);
    return st;
}

static enum status find(struct store *rows, struct transaction *tx, const struct call *call,
                        const struct dashboard_news_page *page, struct joining *j)
{
    const void *keys[EXPORT_PAGE_MAX];
    enum status st;

    for (size_t i = 0; i < page->n; i++)
        keys[i] = &page->news[i].order_id;
    st = store_find_many(rows, tx, call, NULL, keys, page->n, j->found, j->is_there);
    for (size_t i = 0; st == ST_OK && i < page->n; i++) {
        struct dashboard *wanted = &j->wanted[j->n];

        if (!j->is_there[i])
            continue;
        dashboard_derive(&j->found[i]);
        *wanted = j->found[i];
        dashboard_join(wanted, &page->news[i]);
        if (wanted->version != j->found[i].version)
            j->seen[j->n++] = j->found[i];
    }
    return st;
}

/* *all: nobody else has written one of them meanwhile. */
static enum status replace(struct store *rows, struct transaction *tx, const struct call *call,
                           const struct joining *j, bool *all)
{
    size_t replaced = 0, n;
    enum status st = ST_OK;

    *all = true;
    for (size_t i = 0; st == ST_OK && i < j->n; i += n) {
        n = j->n - i < QUESTIONS_MAX ? j->n - i : QUESTIONS_MAX;
        st = store_replace(rows, tx, call, &j->seen[i], &j->wanted[i], n, &replaced);
        *all &= replaced == n;
    }
    return st;
}

/* Together where nobody else writes the same rows; else one by one, again: once more changes
 * nothing. */
static enum status keep_page(struct store *rows, struct transaction *tx, const struct call *call,
                             const struct dashboard_news_page *page)
{
    struct joining *j = MEM_NEW(struct joining);
    bool all = true;
    enum status st = page->n > 0 ? find(rows, tx, call, page, j) : ST_OK;

    if (st == ST_OK)
        st = replace(rows, tx, call, j, &all);
    if (st == ST_OK && !all)
        st = keep_each(rows, tx, call, page);
    for (size_t i = 0; st == ST_OK && i < page->n; i++) {
        struct dashboard first = {0};

        if (j->is_there[i])
            continue;
        dashboard_join(&first, &page->news[i]);
        st = store_insert(rows, tx, call, &first, NULL);
        if (st == ST_CONFLICT)
            st = dashboard_keep_in(rows, tx, call, &page->news[i]);
    }
    free(j);
    return st;
}

static enum status write_page(struct transaction *tx, const struct call *call, void *arg)
{
    struct page_work *work = arg;
    const struct dashboard_news_page *page = work->page;
    struct dashboard_rebuild *after = &work->after;
    enum status st;

    *after = work->before;
    after->items += (int64_t)page->n;
    after->after = page->last;
    if (page->is_last)
        after->after = (struct uuid){{0}};
    after->source += page->is_last;
    if (after->source == DASHBOARD_SOURCES)
        after->state = REBUILD_SWAPPING;
    st = note(work->self, tx, call, after);
    return st == ST_OK ? keep_page(work->self->next, tx, call, page) : st;
}

static enum status read_page(struct dashboards *self, const struct call *call,
                             struct dashboard_rebuild *rebuild)
{
    struct page_work work = {.self = self, .before = *rebuild};
    enum status st;

    work.page = MEM_NEW(struct dashboard_news_page);
    st = dashboard_ask_page(self, call, &DASHBOARD_SOURCE_ROWS[rebuild->source], rebuild->after,
                            work.page);
    if (st == ST_OK)
        st = transactor_run(self->transactor, call, write_page, &work);
    if (st == ST_OK)
        *rebuild = work.after;
    free(work.page);
    return st;
}

/* ---- begin and end ---- */

static enum status begin(struct dashboards *self, const struct call *call,
                         struct dashboard_rebuild *rebuild)
{
    enum status st = view_tables_empty(self->tables, call);

    rebuild->state = REBUILD_READING;
    rebuild->source = 0;
    rebuild->items = 0;
    rebuild->after = (struct uuid){{0}};
    return st == ST_OK ? note(self, NULL, call, rebuild) : st;
}

static enum status end(struct dashboards *self, const struct call *call,
                       struct dashboard_rebuild *rebuild)
{
    enum status st = view_tables_swap(self->tables, call);

    if (st != ST_OK)
        return st;
    rebuild->state = REBUILD_IDLE;
    rebuild->source = 0;
    rebuild->done++;
    rebuild->ended_us = clock_wall_us(call->clock);
    st = note(self, NULL, call, rebuild);
    if (st == ST_OK) {
        log_info("the dashboard was built anew", LOG_CALL(call), LOG_INT("items", rebuild->items),
                 LOG_INT("ms", (rebuild->ended_us - rebuild->started_us) / 1000));
        (void)view_tables_empty(self->tables, call); /* or the next one does it */
    }
    return st;
}

static enum status step(struct dashboards *self, const struct call *call,
                        struct dashboard_rebuild *rebuild)
{
    switch ((enum rebuild_state)rebuild->state) {
    case REBUILD_WANTED:
        return begin(self, call, rebuild);
    case REBUILD_READING:
        return read_page(self, call, rebuild);
    case REBUILD_SWAPPING:
        return end(self, call, rebuild);
    case REBUILD_IDLE:
        break;
    }
    return ST_OK;
}

enum status dashboard_rebuild_go_on(void *self, const struct job_run *run)
{
    struct dashboards *dashboards = self;
    struct dashboard_rebuild rebuild;
    enum status st = dashboard_rebuild_find(dashboards, NULL, run->call, &rebuild);

    if (st == ST_OK && rebuild.state == REBUILD_SWAPPING) {
        rebuild.state = REBUILD_WANTED;
        st = note(dashboards, NULL, run->call, &rebuild);
    }
    while (st == ST_OK && rebuild.state != REBUILD_IDLE)
        st = call_expired(run->call) ? ST_PENDING : step(dashboards, run->call, &rebuild);
    return st == ST_STALE ? ST_OK : st;
}
