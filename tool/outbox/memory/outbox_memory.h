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
/** A number that a transaction takes which is not committed yet; the rows of others pass it. */
uint64_t outbox_memory_take(struct outbox *outbox, struct transaction *tx);
/** The next row that is appended through this outbox gets seq, which was taken before, unless its
 * key has a higher one. */
void outbox_memory_use(struct outbox *outbox, uint64_t seq);
/** The first max rows of this key, sent or not, in the order of saying; key NULL: of all. Returns
 * how many there are. */
size_t outbox_memory_said(struct outbox *outbox, const struct uuid *key, struct outbox_row *rows,
                          size_t max);

#endif
