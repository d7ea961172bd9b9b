/* product_reading.h - one product with what it is made of, and lists of them, for everybody. self
 * of all: struct catalog. */
#ifndef USECASE_CATALOG_PRODUCT_READING_H
#define USECASE_CATALOG_PRODUCT_READING_H

#include "tool/core/question.h"
#include "usecase/catalog/catalog.h"

/** in: struct product_query, out: struct product_view. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
void product_read(void *self, struct question *asked, size_t n);
/** in: struct product_list, out: struct product_page; the same list is asked for once. ST_OK |
 * ST_INVALID (the cursor) | ST_UNAVAILABLE */
void product_list(void *self, struct question *asked, size_t n);

/** A row of product, as the data of catalog.product_changed: for export_read. */
void product_export(const void *row, void *data);

/** Fills what view->product is made of, and what follows from that; as the transaction sees it.
 * ST_OK | ST_UNAVAILABLE */
enum status product_fill(const struct catalog *catalog, struct transaction *tx,
                         const struct call *call, struct product_view *view);

#endif
