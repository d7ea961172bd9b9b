/* transactor.h - transactions over a pool. */
#ifndef TOOL_DBC_TRANSACTOR_H
#define TOOL_DBC_TRANSACTOR_H

#include "tool/dbc/pool.h"

/** READ COMMITTED transactions over the pool: tool/core/transaction.h. */
struct transactor *dbc_transactor_create(struct dbc_pool *pool);
/** The connection a transaction of this module runs on; borrowed, inside the body only. */
struct dbc_conn *dbc_tx_conn(struct transaction *tx);

#endif
