/* outbox_mysql.h - the outbox in the table outbox, the relays' leases in job_lease. */
#ifndef TOOL_OUTBOX_MYSQL_OUTBOX_MYSQL_H
#define TOOL_OUTBOX_MYSQL_OUTBOX_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/outbox/partition_lease.h"

/** committed(arg) is called after each commit of a row, by the thread that committed; NULL = by
 * none. Everything borrowed. */
struct outbox *outbox_mysql_create(struct dbc_pool *pool, const struct entropy *entropy,
                                   void (*committed)(void *arg), void *arg);
/** pool is borrowed. */
struct partition_lease *partition_lease_mysql_create(struct dbc_pool *pool);

#endif
