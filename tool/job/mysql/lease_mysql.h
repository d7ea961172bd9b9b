/* lease_mysql.h - leases in the table job_lease. */
#ifndef TOOL_JOB_MYSQL_LEASE_MYSQL_H
#define TOOL_JOB_MYSQL_LEASE_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/job/lease.h"

/** pool is borrowed and outlives it. */
struct lease *lease_mysql_create(struct dbc_pool *pool);

#endif
