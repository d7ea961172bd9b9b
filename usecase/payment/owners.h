/* owners.h - whose a store is: its owner reads its payments, and gives money back. */
#ifndef USECASE_PAYMENT_OWNERS_H
#define USECASE_PAYMENT_OWNERS_H

#include "tool/event/hearing.h"
#include "usecase/payment/payment_case.h"

/** data: struct store_event; keeps whose it is since then, unless a later one is kept already. A
 * hear_fn. ST_OK | ST_UNAVAILABLE */
enum status store_owner_keep(void *self, struct transaction *tx, const struct call *call,
                             const struct event *event, const void *data);
/** Whether the caller acts for that store: its owner, of the role admin anybody. A store of which
 * nothing is known is nobody's. tx may be NULL. ST_OK | ST_UNAVAILABLE ... */
enum status store_is_run_by(const struct payment_case *p, struct transaction *tx,
                            const struct call *call, struct uuid store_id, bool *runs);

#endif
