/* outbox_private.h - what the parts of the outbox in MariaDB share. */
#ifndef TOOL_OUTBOX_MYSQL_OUTBOX_PRIVATE_H
#define TOOL_OUTBOX_MYSQL_OUTBOX_PRIVATE_H

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/reading.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"

struct outbox_mysql {
    struct outbox base;
    struct dbc_pool *pool;
    struct transactor *transactor; /* of what the relay writes */
    uint64_t seen;                 /* when it has read, as dbc_opened says */
    void (*committed)(void *arg);
    void *arg;
};

static inline struct outbox_mysql *outbox_mysql_of(struct outbox *base)
{
    return container_of(base, struct outbox_mysql, base);
}

/* The relay's ops, as in tool/outbox/outbox.h: outbox_mark.c, outbox_feed.c. */

enum status outbox_mysql_sent(struct outbox *base, const struct call *call, struct uuid holder,
                              const struct outbox_sent rows[], size_t n,
                              const struct outbox_row *seen);
enum status outbox_mysql_last_sent(struct outbox *base, const struct call *call, unsigned partition,
                                   uint64_t at_most, struct outbox_sent *out);
enum status outbox_mysql_send_again(struct outbox *base, const struct call *call,
                                    unsigned partition, uint64_t after, size_t max, size_t *n);
enum status outbox_mysql_lag(struct outbox *base, const struct call *call, struct outbox_lag *out);
enum status outbox_mysql_purge(struct outbox *base, const struct call *call, int64_t age_s,
                               size_t max, size_t *n);

#endif
