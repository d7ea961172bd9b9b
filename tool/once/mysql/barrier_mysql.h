/* barrier_mysql.h - processed messages in the table processed_message of a service's own schema. */
#ifndef TOOL_ONCE_MYSQL_BARRIER_MYSQL_H
#define TOOL_ONCE_MYSQL_BARRIER_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/once/barrier.h"

/** pool is borrowed. Time is the database's. */
struct barrier *barrier_mysql_create(struct dbc_pool *pool);

#endif
