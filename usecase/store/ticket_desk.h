/* ticket_desk.h - what who has a store does with its tickets. self of all: struct shops. Each
 * answers the ticket as it is then (out: struct ticket_view), in the skeleton's transaction:
 * ST_OK | ST_FORBIDDEN | ST_NOT_FOUND (the store has no such ticket) | ST_CONFLICT wrong_state |
 * ST_UNAVAILABLE */
#ifndef USECASE_STORE_TICKET_DESK_H
#define USECASE_STORE_TICKET_DESK_H

#include "usecase/store/shops.h"

/** in: struct ticket_acceptance */
enum status ticket_accept(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);
/** in: struct ticket_rejection */
enum status ticket_reject(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);
/** in: struct ticket_query */
enum status ticket_cook(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out);
/** in: struct ticket_query. If a cancellation is asked for it is refused with that: what is made is
 * not given back. */
enum status ticket_ready(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** in: struct ticket_cancellation */
enum status ticket_answer(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out);

#endif
