/* delivery_store.h - deliveries (hanok_delivery.delivery): rows of struct delivery_row. */
#ifndef DATASERVICE_DELIVERY_DELIVERY_STORE_H
#define DATASERVICE_DELIVERY_DELIVERY_STORE_H

#include "model/delivery.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"
#include "tool/store/tally.h"

/** Found by its key, order_id. */
extern const struct table DELIVERY_TABLE;

/** What must be true of deliveries, and of them with their events. */
extern const struct invariant DELIVERY_INVARIANTS[];
/** "done_deliveries", "open_deliveries". */
extern const struct id_set DELIVERY_ID_SETS[];
/** Deliveries that are not at an end, by status. */
extern const struct tally DELIVERY_TALLIES[];

#endif
