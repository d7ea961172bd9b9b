/* rebuild.h - the dashboard is built anew from what its owners say, beside the one that is read. */
#ifndef USECASE_DASHBOARD_REBUILD_H
#define USECASE_DASHBOARD_REBUILD_H

#include "model/dashboard_view.h"
#include "tool/job/job.h"
#include "usecase/dashboard/dashboards.h"

/** A change: nothing -> struct dashboard_rebuilding. Begins one, unless it is under way; tells how
 * far it is. ST_OK | ST_UNAVAILABLE ... */
enum status dashboard_rebuild(void *self, struct transaction *tx, const struct call *call,
                              const void *in, void *out);
/** For a job of one instance: goes on with it. What an instance has left half done goes on where it
 * was, but for the very end, which is not known then: that begins anew. ST_OK (none is under way) |
 * ST_PENDING | ST_UNAVAILABLE ... */
enum status dashboard_rebuild_go_on(void *self, const struct job_run *run);

#endif
