/* order_steps.h - what the steps of placing and of paying an order have in common. Private to
 * usecase/order. */
#ifndef USECASE_ORDER_ORDER_STEPS_H
#define USECASE_ORDER_ORDER_STEPS_H

#include "usecase/order/order_row.h"

/** Has total kept on the card of the order: as ask_payment_authorize, and ST_UNAVAILABLE when the
 * order cannot be read. */
enum status order_authorize(const struct orders *orders, const struct saga_context *context,
                            struct money total);
enum status order_void(const struct orders *orders, const struct saga_context *context);
/** hold: the saga that placed the order. */
enum status order_commit_stock(const struct orders *orders, const struct saga_context *context,
                               struct uuid hold);

#endif
