/* catalog_tables.h - what the catalog service keeps (schema hanok_catalog), beside the slots and
 * holds of its stock (dataservice/capacity). */
#ifndef DATASERVICE_CATALOG_CATALOG_TABLES_H
#define DATASERVICE_CATALOG_CATALOG_TABLES_H

#include "model/order_copy.h"
#include "model/product.h"
#include "model/store_open.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/* A row of product_item. */
struct product_item_row {
    struct uuid id, product_id;
    int64_t line; /* 0, 1 ...: as it was said */
    struct product_part part;
};

/* Of struct product, product_item_row, item, stock_movement, store_open, order_copy. */
extern const struct table PRODUCT_TABLE, PRODUCT_ITEM_TABLE, ITEM_TABLE, MOVEMENT_TABLE,
    STORE_OPEN_TABLE, ORDER_COPY_TABLE;

/* What is true of them at any moment. */
extern const struct invariant CATALOG_INVARIANTS[];
/** "holding_orders", for which units are held or sold. */
extern const struct id_set CATALOG_ID_SETS[];

#endif
