/* dashboards.h - what the use cases of the dashboard are made of, and how news of an order are
 * kept. */
#ifndef USECASE_DASHBOARD_DASHBOARDS_H
#define USECASE_DASHBOARD_DASHBOARDS_H

#include <stdatomic.h>

#include "dataservice/dashboard/dashboard_store.h"
#include "tool/metrics/metrics.h"
#include "tool/page/cursor.h"
#include "tool/remote/remote.h"
#include "tool/store/view_tables.h"

/* All borrowed; read-only once wired, but for lag_us. */
struct dashboards {
    struct store *rows, *next; /* as they are; as they are built anew */
    struct store *shops, *rebuilds;
    struct view_tables *tables;
    struct transactor *transactor;
    struct remote *remote;
    const struct cursor_key *cursors;
    int64_t day_east_s;          /* where days begin at the shops: seconds east of Greenwich */
    struct metric *lag;          /* NULL = none */
    atomic_int_least64_t lag_us; /* how old the latest event was when its row was written */
};

/** Joins news into their order's row, in tx: into both tables while a rebuild is under way. ST_OK |
 * ST_UNAVAILABLE ... */
enum status dashboard_keep(struct dashboards *self, struct transaction *tx, const struct call *call,
                           const struct dashboard *news);
/** The same of one table alone. */
enum status dashboard_keep_in(struct store *rows, struct transaction *tx, const struct call *call,
                              const struct dashboard *news);
/** How far a rebuild is; one that never was is idle. ST_OK | ST_UNAVAILABLE ... */
enum status dashboard_rebuild_find(struct dashboards *self, struct transaction *tx,
                                   const struct call *call, struct dashboard_rebuild *out);
/** Whether what is heard is kept in the next table as well. */
bool dashboard_is_built_anew(const struct dashboard_rebuild *rebuild);

#endif
