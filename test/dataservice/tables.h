/* tables.h - every table of the house, as rows; and what a store of any of them must do. */
#ifndef TEST_DATASERVICE_TABLES_H
#define TEST_DATASERVICE_TABLES_H

#include "test/support/calls.h"
#include "tool/store/store.h"

struct house_table {
    const char
        *service; /* its schema is hanok_SERVICE, migrated from dataservice/migrations/SERVICE */
    const struct table *table;
};

extern const struct house_table HOUSE_TABLES[];
extern const size_t HOUSE_TABLES_N;

/** The table of row i, without what is read with its rows: rows made here have none elsewhere. */
struct table house_table_alone(size_t i);

/** Runs the suite over a store of each, in the order of the rows above. */
int tables_contract(struct store *const stores[]);

#endif
