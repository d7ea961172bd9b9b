/* order_steps.h - what the steps of placing and of paying an order have in common. Private to
 * usecase/order. */
#ifndef USECASE_ORDER_ORDER_STEPS_H
#define USECASE_ORDER_ORDER_STEPS_H

#include "usecase/order/order_row.h"

struct order_payer {
    struct uuid user_id, store_id;
    char method[ORDER_METHOD_MAX + 1];
};

/** Has total kept on the card that the order is paid with: as ask_payment_authorize. payer: whose,
 * which, of what store; with a method of "" all three are as the order has them, and ST_UNAVAILABLE
 * says that it cannot be read. */
enum status order_authorize(const struct orders *orders, const struct saga_context *context,
                            struct money total, const struct order_payer *payer);
enum status order_void(const struct orders *orders, const struct saga_context *context);
/** hold: the saga that placed the order. */
enum status order_commit_stock(const struct orders *orders, const struct saga_context *context,
                               struct uuid hold);

#endif
