/* outbox_mysql.h - the outbox in the table outbox. */
#ifndef TOOL_OUTBOX_MYSQL_OUTBOX_MYSQL_H
#define TOOL_OUTBOX_MYSQL_OUTBOX_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/outbox/outbox.h"

/** Everything borrowed. */
struct outbox *outbox_mysql_create(struct dbc_pool *pool, const struct entropy *entropy);

#endif
