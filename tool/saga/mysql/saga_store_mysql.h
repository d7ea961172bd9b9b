/* saga_store_mysql.h - saga rows in the table saga of a service's own schema. */
#ifndef TOOL_SAGA_MYSQL_SAGA_STORE_MYSQL_H
#define TOOL_SAGA_MYSQL_SAGA_STORE_MYSQL_H

#include "tool/dbc/pool.h"
#include "tool/saga/saga_store.h"

/** pool is borrowed. Time is the database's. */
struct saga_store *saga_store_mysql_create(struct dbc_pool *pool);

#endif
