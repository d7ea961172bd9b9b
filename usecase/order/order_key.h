/* order_key.h - requests about orders that are once by their Idempotency-Key and start a saga: what
 * is kept is which order and which saga it led to, in the commit that starts it. Private to
 * usecase/order. */
#ifndef USECASE_ORDER_ORDER_KEY_H
#define USECASE_ORDER_ORDER_KEY_H

#include "tool/encoder/operation.h"
#include "tool/once/request_key.h"
#include "usecase/order/orders.h"

struct order_key {
    struct request_key key;
    const char *consumer; /* the operation's subject */
};

/* What a request led to. */
struct order_led {
    struct uuid order_id, saga_id;
};

/** ST_OK | ST_INVALID idempotency_key_required */
enum status order_key_init(struct order_key *key, const struct call *call,
                           const struct operation *op, const void *in);
/** Whether it came before. ST_OK: *out is what it led to | ST_NOT_FOUND | ST_UNPROCESSABLE
 * idempotency_key_reused | ST_UNAVAILABLE ... */
enum status order_key_find(const struct orders *orders, const struct call *call,
                           const struct order_key *key, struct order_led *out);
/** In tx: notes it, or waits for the twin that does. ST_OK | ST_CONFLICT (a twin was first: look it
 * up once tx is rolled back) | ST_UNAVAILABLE ... */
enum status order_key_enter(const struct orders *orders, struct transaction *tx,
                            const struct call *call, const struct order_key *key,
                            const struct order_led *led);
/** After a try at entering that did not come to an end: a twin that is still at it holds the row.
 * ST_OK: *out is what it led to | ST_CONFLICT in_progress | ST_UNPROCESSABLE
 * idempotency_key_reused | ST_UNAVAILABLE ... */
enum status order_key_twin(const struct orders *orders, const struct call *call,
                           const struct order_key *key, struct order_led *out);
/** What this saga was begun for was undone, since it could not be done: an error that is not kept
 * (503). Who comes again under the key the call brings begins anew. Where the key cannot be
 * forgotten now, the next try is told the same, and tries that again. */
void order_key_forget(const struct orders *orders, const struct call *call,
                      const struct operation *op, struct uuid saga_id);

#endif
