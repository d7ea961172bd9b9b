/* reading.h - how far orders are, for who ordered, for who owns the store, and for administrators.
 */
#ifndef USECASE_DASHBOARD_READING_H
#define USECASE_DASHBOARD_READING_H

#include "model/dashboard_view.h"
#include "usecase/dashboard/dashboards.h"

/** struct dashboard_query -> struct dashboard_view. ST_OK | ST_NOT_FOUND (also: another's) |
 * ST_UNAVAILABLE ... */
enum status dashboard_read(void *self, const struct call *call, const void *in, void *out);
/** struct dashboard_list -> struct dashboard_page: one's own orders; of a store, for its owner, all
 * of it; for an administrator everybody's. ST_OK | ST_INVALID cursor_mismatch | ST_UNAVAILABLE ...
 */
enum status dashboard_read_list(void *self, const struct call *call, const void *in, void *out);
/** Whether the caller owns that store. ST_OK | ST_UNAVAILABLE ... */
enum status dashboard_owns(const struct dashboards *self, const struct call *call,
                           struct uuid store_id, bool *owns);

#endif
