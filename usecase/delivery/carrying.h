/* carrying.h - what couriers do with deliveries. self of all: struct deliveries; in: struct
 * delivery_query, out: struct delivery_summary. Each moves the delivery and says so, once: what who
 * asks has done already changes nothing, and is answered as it is. All:
 * ST_OK | ST_NOT_FOUND | ST_CONFLICT taken (another has it) | ST_CONFLICT wrong_state |
 * ST_UNAVAILABLE */
#ifndef USECASE_DELIVERY_CARRYING_H
#define USECASE_DELIVERY_CARRYING_H

#include "usecase/delivery/deliveries.h"

/** It is his who comes first. */
enum status delivery_start(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out);
/** Once it is ready; before, ST_CONFLICT not_ready. */
enum status delivery_pickup(void *self, struct transaction *tx, const struct call *call,
                            const void *in, void *out);
enum status delivery_complete(void *self, struct transaction *tx, const struct call *call,
                              const void *in, void *out);
/** It waits again, for another courier or the same. */
enum status delivery_give_back(void *self, struct transaction *tx, const struct call *call,
                               const void *in, void *out);
/** By an operator, whoever has it or nobody: picked up, if it was not, and delivered. What is not
 * ready cannot be: ST_CONFLICT not_ready; nobody is told taken. */
enum status delivery_end(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out);
/** Of a sweeper, in tx, which has the row locked: who has it has not come for it in time, and it
 * waits again, for another courier or the same. arg: struct deliveries. ST_OK | ST_CONFLICT
 * wrong_state | ST_UNAVAILABLE ... */
enum status delivery_lapse(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid order_id);

#endif
