/* shelf_mysql.h - the shelf in MariaDB. */
#ifndef DATASERVICE_CATALOG_MYSQL_SHELF_MYSQL_H
#define DATASERVICE_CATALOG_MYSQL_SHELF_MYSQL_H

#include "dataservice/catalog/shelf.h"
#include "tool/dbc/pool.h"
#include "tool/store/store.h"

/** Borrows all; products, items: stores of store_mysql_create. */
struct shelf *shelf_mysql_create(struct dbc_pool *pool, const struct store *products,
                                 const struct store *items);

#endif
