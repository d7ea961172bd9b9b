/* transactor.h - transactions over a pool. */
#ifndef TOOL_DBC_TRANSACTOR_H
#define TOOL_DBC_TRANSACTOR_H

#include "tool/dbc/pool.h"

/** READ COMMITTED transactions over the pool: tool/core/transaction.h. */
struct transactor *dbc_transactor_create(struct dbc_pool *pool);
/** The connection a transaction of this module runs on; borrowed, inside the body only. */
struct dbc_conn *dbc_tx_conn(struct transaction *tx);
/** Inside the body: fn(arg) is called once it is committed, or may be, by the thread that commits.
 * One a transaction, the last one asked for. */
void dbc_tx_committed(struct transaction *tx, void (*fn)(void *arg), void *arg);

#endif
