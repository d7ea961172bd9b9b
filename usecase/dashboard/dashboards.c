/* dashboards.c - see dashboards.h. */
#include "usecase/dashboard/dashboards.h"

/* A row that nothing is new for is not written. */
static enum status join(void *row, const struct call *call, void *arg)
{
    (void)call;
    dashboard_join(row, arg);
    return ST_OK;
}

static enum status change(struct store *rows, struct transaction *tx, const struct call *call,
                          const struct dashboard *news)
{
    struct dashboard wanted = *news;

    return store_change(rows, tx, call, &news->order_id,
                        &(struct store_change){.fn = join, .arg = &wanted}, NULL);
}

enum status dashboard_keep_in(struct store *rows, struct transaction *tx, const struct call *call,
                              const struct dashboard *news)
{
    struct dashboard first = {0};
    enum status st = change(rows, tx, call, news);

    if (st != ST_NOT_FOUND)
        return st;
    dashboard_join(&first, news);
    st = store_insert(rows, tx, call, &first, NULL);
    return st == ST_CONFLICT ? change(rows, tx, call, news) : st; /* somebody was faster */
}

enum status dashboard_rebuild_find(struct dashboards *self, struct transaction *tx,
                                   const struct call *call, struct dashboard_rebuild *out)
{
    enum status st = store_find(self->rebuilds, tx, call, NULL, &DASHBOARD_REBUILD_ID, out);

    if (st != ST_NOT_FOUND)
        return st;
    *out = (struct dashboard_rebuild){.id = DASHBOARD_REBUILD_ID};
    return ST_OK;
}

bool dashboard_is_built_anew(const struct dashboard_rebuild *rebuild)
{
    return rebuild->state == REBUILD_READING || rebuild->state == REBUILD_SWAPPING;
}

/* A rebuild reads of the owners after it has said so. So whoever does not see it yet keeps what
 * they have said before. In the order in which the tables are locked to change their names. */
enum status dashboard_keep(struct dashboards *self, struct transaction *tx, const struct call *call,
                           const struct dashboard *news)
{
    struct dashboard_rebuild rebuild;
    enum status st = dashboard_rebuild_find(self, tx, call, &rebuild);

    if (st == ST_OK)
        st = dashboard_keep_in(self->rows, tx, call, news);
    if (st == ST_OK && dashboard_is_built_anew(&rebuild))
        st = dashboard_keep_in(self->next, tx, call, news);
    return st;
}
