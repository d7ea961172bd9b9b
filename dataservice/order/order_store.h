/* order_store.h - orders (hanok_order.orders) with their lines, addresses and history. */
#ifndef DATASERVICE_ORDER_ORDER_STORE_H
#define DATASERVICE_ORDER_ORDER_STORE_H

#include "model/order.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"
#include "tool/store/tally.h"

/** Rows of struct order, found by order_id and by "order_num". */
extern const struct table ORDER_TABLE;
/** Rows of struct order_line_row, struct order_address_row (found by order_id), struct
 * order_history. */
extern const struct table ORDER_LINE_TABLE, ORDER_ADDRESS_TABLE, ORDER_HISTORY_TABLE;

/** What must be true of orders, and of them with their sagas and events. */
extern const struct invariant ORDER_INVARIANTS[];
/** "confirmed_orders" (or completed), "dropped_orders" (rejected or canceled, for a minute: others
 * have heard of it by then), "open_orders". */
extern const struct id_set ORDER_ID_SETS[];
/** Orders that are not at an end, by status. */
extern const struct tally ORDER_TALLIES[];

#endif
