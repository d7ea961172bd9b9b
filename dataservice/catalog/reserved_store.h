/* reserved_store.h - what was promised for a hold of stock (hanok_catalog.reserved_line): rows of
 * struct reserved_row. */
#ifndef DATASERVICE_CATALOG_RESERVED_STORE_H
#define DATASERVICE_CATALOG_RESERVED_STORE_H

#include "model/stock.h"
#include "tool/store/store.h"

/* A line of a reservation, as it was answered. */
struct reserved_row {
    struct uuid id, hold_id;
    int64_t line; /* 0, 1 ... */
    struct reserved_line reserved;
};

/** Listed by "hold_id", sorted by "line". */
extern const struct table RESERVED_TABLE;

#endif
