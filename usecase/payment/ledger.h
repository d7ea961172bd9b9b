/* ledger.h - double entry: what the provider owes us, what we owe the stores, what the bank has.
 * Entries are added, never changed; those of a transaction sum to 0. */
#ifndef USECASE_PAYMENT_LEDGER_H
#define USECASE_PAYMENT_LEDGER_H

#include "tool/job/job.h"
#include "usecase/payment/payment_case.h"

#define LEDGER_BANK "bank"
#define LEDGER_RECEIVABLE "receivable:provider"
#define LEDGER_PAYABLE "payable:store"

/** In tx: enters what the provider has done: a capture, a refund; of other kinds, which move no
 * money, nothing. ST_OK | ST_CONFLICT (it is entered already: a bug) | ST_UNAVAILABLE */
enum status ledger_enter(struct payment_case *p, struct transaction *tx, const struct call *call,
                         const struct payment_operation *op);
/** In tx: enters what the provider has paid out, once of its id. ST_OK (also when it is entered
 * already) | ST_UNAVAILABLE */
enum status ledger_settle(struct payment_case *p, struct transaction *tx, const struct call *call,
                          struct uuid settlement_id, struct money money);
/** in: struct ledger_query, out: struct ledger_page, the newest first. ST_OK | ST_INVALID (the
 * cursor) | ST_UNAVAILABLE */
enum status ledger_entries(void *self, const struct call *call, const void *in, void *out);
/** out: struct ledger_balances, by account and currency. ST_OK | ST_UNAVAILABLE */
enum status ledger_balances(void *self, const struct call *call, const void *in, void *out);
/** A job: sets the metric to what is out of balance, which should be 0. */
enum status ledger_watch(void *self, const struct job_run *run);

#endif
