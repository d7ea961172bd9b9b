/* shelf_memory.h - the shelf over the stores of its tables, row by row: the fake that tests use. */
#ifndef DATASERVICE_CATALOG_MEMORY_SHELF_MEMORY_H
#define DATASERVICE_CATALOG_MEMORY_SHELF_MEMORY_H

#include "dataservice/catalog/shelf.h"
#include "tool/store/store.h"

/** Borrows all. */
struct shelf *shelf_memory_create(struct store *products, struct store *product_items,
                                  struct store *items, struct store *slots);

#endif
