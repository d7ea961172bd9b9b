/* outbox_tail.h - a thread that reads the outbox's rows from the transaction log of MariaDB into a
 * mirror. Where it cannot, it says so once, and tries again later. */
#ifndef TOOL_OUTBOX_MYSQL_OUTBOX_TAIL_H
#define TOOL_OUTBOX_MYSQL_OUTBOX_TAIL_H

#include "tool/dbc/pool.h"
#include "tool/outbox/mysql/outbox_mirror.h"

/* Borrowed. */
struct outbox_tail_config {
    struct dbc_pool *db;
    struct outbox_mirror *mirror;
    const struct entropy *entropy; /* of the id that it has as a replica */
    int64_t retry_ms;              /* when it could not be read; 0 = 10 s */
    void (*changed)(void *arg);    /* its thread: rows were committed */
    void *arg;
};

struct outbox_tail;

struct outbox_tail *outbox_tail_create(const struct outbox_tail_config *config);
/** Any thread: whether the log is being read. */
bool outbox_tail_reads(const struct outbox_tail *tail);
/** It ends within some seconds, mostly at once. NULL is fine. */
void outbox_tail_destroy(struct outbox_tail *tail);

#endif
