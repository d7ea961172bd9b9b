/* outbox_memory.h - the outbox in memory, for tests. */
#ifndef TOOL_OUTBOX_MEMORY_OUTBOX_MEMORY_H
#define TOOL_OUTBOX_MEMORY_OUTBOX_MEMORY_H

#include "tool/memdb/memdb.h"
#include "tool/outbox/outbox.h"

/** clock: the database's. Everything borrowed. */
struct outbox *outbox_memory_create(struct memdb *db, const struct clock *clock,
                                    const struct entropy *entropy);
/** The first max rows of this key, sent or not, in the order of saying; key NULL: of all. Returns
 * how many there are. */
size_t outbox_memory_said(struct outbox *outbox, const struct uuid *key, struct outbox_row *rows,
                          size_t max);

#endif
