/* payments.h - the payment service as orders see it. By remote/ (NATS) and by tests. */
#ifndef DATASERVICE_ORDER_PAYMENTS_H
#define DATASERVICE_ORDER_PAYMENTS_H

#include "model/payment.h"
#include "tool/core/call.h"

struct payments {
    const struct payments_ops *ops;
};

/* As of stock_ops: idempotent by saga_id, blocking, from any thread. */
struct payments_ops {
    /** Has so much kept on a card. ST_OK | ST_PENDING (whoever knows has not said yet: ask again) |
     * ST_CONFLICT (payment_declined, cancelled) | other refusals | ST_OVERLOADED (this time nobody
     * was asked) | ST_UNAVAILABLE; with provider_unavailable nothing has happened by this saga, nor
     * will unless it asks again | ST_TIMEOUT ... */
    enum status (*authorize)(struct payments *self, const struct call *call,
                             const struct payment_authorization *wanted);
    /** Right also before, without, or twice after authorize. ST_OK | ST_UNAVAILABLE ... */
    enum status (*void_)(struct payments *self, const struct call *call,
                         const struct payment_order *order);
    /** Frees self; NULL is fine. */
    void (*destroy)(struct payments *self);
};

#endif
