/* stock.h - the catalog's stock as orders see it. By remote/ (NATS) and by tests. */
#ifndef DATASERVICE_ORDER_STOCK_H
#define DATASERVICE_ORDER_STOCK_H

#include "model/stock.h"
#include "tool/core/call.h"

struct stock {
    const struct stock_ops *ops;
};

/* All ops are idempotent by saga_id, which is the hold's id. They block until call->deadline_ms at
 * most, and may be called from any thread. A refusal's code is in call->problem ("sold_out"), which
 * lines are meant in its errors ("lines[1]"). Anything that is not ST_OK or a refusal means: not
 * known whether it happened. */
struct stock_ops {
    /** Holds all of it or nothing. ST_OK | ST_CONFLICT (sold_out, price_changed, store_closed,
     * product_gone, cancelled) | ST_UNPROCESSABLE currency_mismatch | ST_UNAVAILABLE ... */
    enum status (*reserve)(struct stock *self, const struct call *call,
                           const struct stock_reservation *wanted, struct stock_reserved *out);
    /** Right also before, without, or twice after reserve. ST_OK | ST_UNAVAILABLE ... */
    enum status (*release)(struct stock *self, const struct call *call,
                           const struct stock_order *order);
    /** What is held is sold. ST_OK: out says what it is now | ST_UNAVAILABLE ... */
    enum status (*commit)(struct stock *self, const struct call *call,
                          const struct stock_order *order, struct stock_held *out);
    /** Frees self; NULL is fine. */
    void (*destroy)(struct stock *self);
};

#endif
