/* summary.h - what a day at the shops came to. */
#ifndef USECASE_DASHBOARD_SUMMARY_H
#define USECASE_DASHBOARD_SUMMARY_H

#include "model/dashboard_view.h"
#include "usecase/dashboard/dashboards.h"

/** struct dashboard_summary_query -> struct dashboard_summary. Reads all orders of that day. ST_OK
 * | ST_FORBIDDEN (another's store; all of them, and not an administrator) | ST_UNAVAILABLE ... */
enum status dashboard_summarize(void *self, const struct call *call, const void *in, void *out);

#endif
