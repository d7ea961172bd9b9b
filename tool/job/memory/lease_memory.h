/* lease_memory.h - leases in a memdb, for tests. */
#ifndef TOOL_JOB_MEMORY_LEASE_MEMORY_H
#define TOOL_JOB_MEMORY_LEASE_MEMORY_H

#include "tool/job/lease.h"
#include "tool/memdb/memdb.h"

/** Both are borrowed and outlive it. */
struct lease *lease_memory_create(struct memdb *db, const struct clock *clock);

#endif
