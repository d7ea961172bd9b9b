/* outbox_binlog.h - the outbox in MariaDB, for a relay that reads what is to be sent from the
 * transaction log instead of the table, as soon as it is committed by whoever. Everything else, and
 * all of it as long as the log cannot be read, is the table's. */
#ifndef TOOL_OUTBOX_MYSQL_OUTBOX_BINLOG_H
#define TOOL_OUTBOX_MYSQL_OUTBOX_BINLOG_H

#include "tool/dbc/pool.h"
#include "tool/outbox/outbox.h"

/* Borrowed. */
struct outbox_binlog_config {
    struct outbox *table; /* outbox_mysql_create's, of the same pool */
    struct dbc_pool *db;
    const struct entropy *entropy;
    int64_t retry_ms;           /* when the log could not be read; 0 = 10 s */
    size_t rows;                /* kept in memory at most; 0 = OUTBOX_MIRROR_ROWS */
    void (*changed)(void *arg); /* there may be rows; a thread of its own */
    void *arg;
};

/** Starts a thread. What the relay's ops want is one relay's, a thread at a time. */
struct outbox *outbox_binlog_create(const struct outbox_binlog_config *config);
/** Any thread: whether the log is being read. */
bool outbox_binlog_reads(const struct outbox *outbox);

#endif
