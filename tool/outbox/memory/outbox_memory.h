/* outbox_memory.h - the outbox in memory, for tests. */
#ifndef TOOL_OUTBOX_MEMORY_OUTBOX_MEMORY_H
#define TOOL_OUTBOX_MEMORY_OUTBOX_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/outbox/partition_lease.h"

/** clock: the database's. Everything borrowed. */
struct outbox *outbox_memory_create(struct memdb *db, const struct clock *clock,
                                    const struct entropy *entropy);
/** clock: the database's. Everything borrowed. */
struct partition_lease *partition_lease_memory_create(struct memdb *db, const struct clock *clock);
/** The first max rows of this key, sent or not, in the order of saying; key NULL: of all. Returns
 * how many there are. */
size_t outbox_memory_said(struct outbox *outbox, const struct uuid *key, struct outbox_row *rows,
                          size_t max);

#endif
