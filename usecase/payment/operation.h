/* operation.h - what the provider was asked, and how its outcome is found out: always by the same
 * key, whatever has died, was late or never came. */
#ifndef USECASE_PAYMENT_OPERATION_H
#define USECASE_PAYMENT_OPERATION_H

#include "protocol/provider.h"
#include "tool/sweep/sweeper.h"
#include "usecase/payment/payment_case.h"

enum settling {
    SETTLE_FRESH, /* who calls has just written it down: nobody has asked yet */
    SETTLE_AGAIN, /* may have been asked: looks first, then asks */
    SETTLE_LOOK,  /* the same, but an authorization is not asked: its saga does that */
};

/** Outside of any transaction. *op: as it is then. ST_OK: the provider has said | ST_PENDING: it
 * has not, or nobody can know | ST_UNAVAILABLE provider_unavailable: an authorization of which it
 * is certain that the provider was never asked; it is OPERATION_UNASKED, until it is settled again
 * | ST_NOT_FOUND | ST_UNAVAILABLE (of the database), ST_UNCERTAIN ... */
enum status operation_settle(struct payment_case *p, const struct call *call, struct uuid id,
                             enum settling how, struct payment_operation *op);
/** A sweeper's ask; arg: struct payment_case. */
enum sweep_answer operation_sweep(void *arg, const struct call *call, struct uuid id);
/** A sweeper's act: there is nothing left to do. */
enum status operation_swept(void *arg, struct transaction *tx, const struct call *call,
                            struct uuid id);
/** In a transaction of its own: the provider has said that. *op: as it is then; what was known
 * already stays. ST_OK | ST_UNAVAILABLE, ST_UNCERTAIN ... */
enum status operation_end(struct payment_case *p, const struct call *call,
                          const struct provider_outcome *outcome, struct payment_operation *op);

#endif
