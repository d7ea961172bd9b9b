/* ledger_balances.h - what the accounts of the ledger come to: sums over ledger_entry, by SQL. */
#ifndef DATASERVICE_PAYMENT_MYSQL_LEDGER_BALANCES_H
#define DATASERVICE_PAYMENT_MYSQL_LEDGER_BALANCES_H

#include "tool/dbc/pool.h"
#include "tool/job/job.h"

struct ledger_balances_reader {
    struct dbc_pool *db;       /* borrowed */
    struct metric *difference; /* hanok_ledger_difference */
};

/** A use case; out: struct ledger_balances, by account and currency. ST_OK | ST_UNAVAILABLE ... */
enum status ledger_balances_read(void *self, const struct call *call, const void *in, void *out);
/** A job: sets the metric to what is out of balance, which should be 0. */
enum status ledger_balances_watch(void *self, const struct job_run *run);

#endif
