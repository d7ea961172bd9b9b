/* pool.h - what the other files of tool/dbc ask of the pool. */
#ifndef TOOL_DBC_POOL_H
#define TOOL_DBC_POOL_H

#include "tool/dbc/driver.h"

/** One more fault in hanok_db_errors_total. */
void dbc_pool_count(struct dbc_pool *pool, enum driver_fault fault);

#endif
