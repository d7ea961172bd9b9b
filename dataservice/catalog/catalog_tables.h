/* catalog_tables.h - what the catalog service keeps (schema hanok_catalog), beside the slots and
 * holds of its stock (dataservice/capacity). */
#ifndef DATASERVICE_CATALOG_CATALOG_TABLES_H
#define DATASERVICE_CATALOG_CATALOG_TABLES_H

#include "model/order_copy.h"
#include "model/product.h"
#include "model/slot.h"
#include "model/stock.h"
#include "model/store_open.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/* A row of product_item. Listed by "product_id", sorted by "line". */
struct product_item_row {
    struct uuid id, product_id;
    int64_t line; /* 0, 1 ...: as it was said */
    struct product_part part;
    /* Read with it, of its item: what it is called, and how many there are. */
    char sku[ITEM_SKU_MAX + 1];
    char name[ITEM_NAME_SIZE];
    struct slot slot; /* total, held, sold; nothing else of it */
};

/* What was promised for a hold of stock: a line of a reservation, as it was answered. Listed by
 * "hold_id", sorted by "line". */
struct reserved_row {
    struct uuid id, hold_id;
    int64_t line; /* 0, 1 ... */
    struct reserved_line reserved;
};

/** Products, as rows of struct product_line: listed, with how many could be bought. */
extern const struct table PRODUCT_LINE_TABLE;
/* Of struct product, product_item_row, item, stock_movement, store_open, reserved_row, order_copy.
 */
extern const struct table PRODUCT_TABLE, PRODUCT_ITEM_TABLE, ITEM_TABLE, MOVEMENT_TABLE,
    STORE_OPEN_TABLE, RESERVED_TABLE, ORDER_COPY_TABLE;

/* What is true of them at any moment. */
extern const struct invariant CATALOG_INVARIANTS[];
/** "holding_orders", for which units are held or sold. */
extern const struct id_set CATALOG_ID_SETS[];

#endif
