/* catalog.h - every message of the catalog service, once. */
#ifndef PROTOCOL_CATALOG_H
#define PROTOCOL_CATALOG_H

#include "model/item.h"
#include "model/order_copy.h"
#include "model/product.h"
#include "protocol/catalog_stock.h"
#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"

/* subject: request struct -> reply struct */

/* catalog.product.list: product_list -> product_page */
extern const struct operation CATALOG_PRODUCT_LIST;
/* catalog.product.get: product_query -> product_view */
extern const struct operation CATALOG_PRODUCT_GET;
/* catalog.product.create: product_form -> product_view */
extern const struct operation CATALOG_PRODUCT_CREATE;
/* catalog.product.update: product_patch -> product_view */
extern const struct operation CATALOG_PRODUCT_UPDATE;
/* catalog.item.create: item_form -> item_stock */
extern const struct operation CATALOG_ITEM_CREATE;
/* catalog.item.move: stock_movement_form -> item_stock */
extern const struct operation CATALOG_ITEM_MOVE;
/* catalog.order.get: order_copy_query -> order_copy_view */
extern const struct operation CATALOG_ORDER_GET;
/* catalog.export: export_query -> export_page */
extern const struct operation CATALOG_EXPORT;

/* event: struct */

/* catalog.product_changed: product */
extern const struct event_type CATALOG_PRODUCT_CHANGED;
/* catalog.stock_changed: item */
extern const struct event_type CATALOG_STOCK_CHANGED;
/* All of them and of catalog_stock.h, NULL-terminated. */
extern const struct event_type *const CATALOG_EVENTS[];

/* Of struct product; for the patch of one. */
extern const struct descriptor PRODUCT;
/* Of struct order_copy_lines, as they are kept. */
extern const struct descriptor ORDER_COPY_LINES;

#endif
