/* dashboard.h - every message of the dashboard service, once. It says nothing: it is a view. */
#ifndef PROTOCOL_DASHBOARD_H
#define PROTOCOL_DASHBOARD_H

#include "model/dashboard_view.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* dashboard.get: dashboard_query -> dashboard_view */
extern const struct operation DASHBOARD_GET;
/* dashboard.list: dashboard_list -> dashboard_page */
extern const struct operation DASHBOARD_LIST;
/* dashboard.summary: dashboard_summary_query -> dashboard_summary */
extern const struct operation DASHBOARD_SUMMARY;
/* dashboard.rebuild: nothing -> dashboard_rebuilding */
extern const struct operation DASHBOARD_REBUILD;
/* dashboard.digest: dashboard_digest_query -> dashboard_digest */
extern const struct operation DASHBOARD_DIGEST;

#endif
