/* place_refusal.h - why an order came to nothing, kept where it is read later and told to who
 * waits. Private to usecase/order. */
#ifndef USECASE_ORDER_PLACE_REFUSAL_H
#define USECASE_ORDER_PLACE_REFUSAL_H

#include "usecase/order/orders.h"

/** The refusal that a rejected order's reason stands for; errors name its lines. ST_CONFLICT
 * sold_out ... | ST_UNPROCESSABLE currency_mismatch | ST_UNAVAILABLE order_compensated */
enum status place_refuse(const struct orders *orders, const struct call *call,
                         const struct order *order);
/** Keeps with the lines of an order what call->problem says of each ("lines[1]": "2 left"); as good
 * as can be: that they are told is worth no failure. */
void place_keep_notes(const struct orders *orders, const struct call *call, struct uuid order_id);

#endif
