/* inner.h - what other services ask of orders and say to them, and what is done by itself. */
#ifndef USECASE_ORDER_INNER_H
#define USECASE_ORDER_INNER_H

#include "tool/event/export.h"
#include "tool/event/hearing.h"
#include "tool/job/job.h"
#include "usecase/order/orders.h"

/** in: struct hold_question, out: struct hold_answer: wanted as long as something may still become
 * of its order, and of the hold that placed it. ST_OK | ST_UNAVAILABLE */
enum status order_hold_check(void *self, const struct call *call, const void *in, void *out);
/** in: struct order_query, out: struct order_address. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status order_tell_address(void *self, const struct call *call, const void *in, void *out);
/** in: struct export_query of any type that orders say, out: struct export_page. ST_OK |
 * ST_NOT_FOUND not_exported | ST_UNAVAILABLE */
enum status order_export(void *self, const struct call *call, const void *in, void *out);
/** data: struct payment_event, of an order that is confirmed or was: how far its payment is. Of any
 * other the saga that pays it tells. A hear_fn. ST_OK | ST_UNAVAILABLE */
enum status order_payment_moved(void *self, struct transaction *tx, const struct call *call,
                                const struct event *event, const void *data);
/** A job: addresses of orders that have been over for long enough go. ST_OK | ST_PENDING |
 * ST_UNAVAILABLE */
enum status order_forget_addresses(void *self, const struct job_run *run);

#endif
