/* catalog.h - what the use cases of the catalog are made of, and who may change what a store has.
 */
#ifndef USECASE_CATALOG_CATALOG_H
#define USECASE_CATALOG_CATALOG_H

#include "dataservice/catalog/catalog_tables.h"
#include "tool/outbox/outbox.h"
#include "tool/page/cursor.h"
#include "usecase/capacity/capacity.h"

/* All borrowed. */
struct catalog {
    struct store *products, *product_items, *items, *movements, *stores, *reserved, *order_copies;
    struct store *product_lines; /* products, to be listed */
    struct capacity capacity;    /* the slot of an item has its id */
    struct outbox *outbox;
    const struct entropy *entropy;
    const struct cursor_key *cursors;
    struct transactor *transactor;
};

/** Whether the caller may change what that store has: its owner, or who has the role admin. tx
 * NULL: on its own. ST_OK | ST_FORBIDDEN (also when there is no such store) | ST_UNAVAILABLE */
enum status catalog_may_change(const struct catalog *catalog, struct transaction *tx,
                               const struct call *call, struct uuid store_id);

#endif
