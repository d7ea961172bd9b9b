/* tables_memory_test.c - the tables of the house, in memory. */
#include "test/dataservice/tables.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"

int main(void)
{
    struct memdb **dbs = mem_alloc(HOUSE_TABLES_N, sizeof(struct memdb *));
    struct table *tables = mem_alloc(HOUSE_TABLES_N, sizeof(struct table));
    struct store **stores = mem_alloc(HOUSE_TABLES_N, sizeof(struct store *));
    int failed;

    for (size_t i = 0; i < HOUSE_TABLES_N; i++) {
        dbs[i] = memdb_create();
        tables[i] = house_table_alone(i);
        stores[i] = store_memory_create(dbs[i], &tables[i]);
    }
    failed = tables_contract(stores);
    for (size_t i = 0; i < HOUSE_TABLES_N; i++) {
        store_destroy(stores[i]);
        memdb_destroy(dbs[i]);
    }
    free(stores);
    free(tables);
    free(dbs);
    return failed;
}
