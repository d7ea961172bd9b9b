/* keeping.h - rows of many orders are kept together. */
#ifndef USECASE_DASHBOARD_KEEPING_H
#define USECASE_DASHBOARD_KEEPING_H

#include "usecase/dashboard/dashboards.h"

/** As dashboard_keep_in of each of n (0 and more) in tx, of different orders: by a statement for
 * many where they are new, by a few where nobody else writes them at the same time. news: what
 * dashboard_join has made of what was said; of those that are new, .changes is set. ST_OK |
 * ST_UNAVAILABLE ... */
enum status dashboard_keep_many(struct store *rows, struct transaction *tx, const struct call *call,
                                struct dashboard news[], size_t n);
/** The same of n (1..STORE_INSERT_MAX) of which most are there already. */
enum status dashboard_join_many(struct store *rows, struct transaction *tx, const struct call *call,
                                struct dashboard news[], size_t n);
/** As dashboard_keep of each of n (1..STORE_INSERT_MAX), of different orders, by a few statements.
 * news: as dashboard_keep_many. */
enum status dashboard_keep_heard(struct dashboards *self, struct transaction *tx,
                                 const struct call *call, struct dashboard news[], size_t n);

#endif
