/* doctor.h - looks after what must be true of a service's own schema and its database: for
 * operators who ask, and as a job that sets gauges. */
#ifndef TOOL_SERVICE_DOCTOR_H
#define TOOL_SERVICE_DOCTOR_H

#include "tool/service/admin_message.h"
#include "tool/service/service.h"

struct doctor {
    const struct service *service;
    struct dbc_pool *db;
    const struct clock *clock;
    struct metrics *metrics;
};

/** Looks at everything; what could not be looked at is UNKNOWN. Blocks; any thread. */
void doctor_examine(const struct doctor *doctor, const struct call *call,
                    struct doctor_report *out);
/** Does that, and sets hanok_doctor_findings of each check: how much is not as it must be, -1 =
 * could not be looked at. A job's function would do: ST_OK. */
enum status doctor_measure(const struct doctor *doctor, const struct call *call);

#endif
