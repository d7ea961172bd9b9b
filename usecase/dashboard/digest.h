/* digest.h - what the dashboard says, in short: of its rows, and of what their owners say now. */
#ifndef USECASE_DASHBOARD_DIGEST_H
#define USECASE_DASHBOARD_DIGEST_H

#include "model/dashboard_view.h"
#include "usecase/dashboard/dashboards.h"

/** struct dashboard_digest_query -> struct dashboard_digest. Reads all there is: what is written
 * meanwhile may be in it or not. ST_OK | ST_UNAVAILABLE, ST_TIMEOUT ... (of who is asked as well)
 */
enum status dashboard_tell_digest(void *self, const struct call *call, const void *in, void *out);

#endif
