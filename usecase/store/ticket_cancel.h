/* ticket_cancel.h - tickets that are not wanted any more, and what nobody answers in time. Who
 * accepts and who cancels meet in one row: whoever locks it first has his way. */
#ifndef USECASE_STORE_TICKET_CANCEL_H
#define USECASE_STORE_TICKET_CANCEL_H

#include "usecase/store/shops.h"

/** in: struct ticket_cancel, out: struct ticket_canceled. What the store has not accepted yet is
 * canceled; so is what has not come yet, and will not be made when it does. What it has accepted it
 * is asked about: that is noted, and kept with the refusal; the same saga asks but once. ST_OK |
 * ST_CONFLICT store_consent_needed, too_late_to_cancel | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status ticket_cancel(void *self, const struct call *call, const void *in, void *out);

/* Of sweepers, in tx, which has the row locked. arg: struct shops. ST_OK | ST_UNAVAILABLE ... */

/** Of tickets that are RECEIVED: that one's acceptBy is over. */
enum status ticket_expire(void *arg, struct transaction *tx, const struct call *call,
                          struct uuid order_id);
/** Of tickets that are asked about: nobody has answered in time. It is refused, or approved where
 * the store has chosen so. */
enum status ticket_answer_late(void *arg, struct transaction *tx, const struct call *call,
                               struct uuid order_id);

#endif
