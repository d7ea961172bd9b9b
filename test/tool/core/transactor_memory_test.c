/* transactor_memory_test.c - the transactor in memory keeps the contract. */
#include "test/tool/core/transactor_contract.h"
#include "tool/store/memory/store_memory.h"

int main(void)
{
    struct memdb *db = memdb_create();
    struct transactor_world world = {memdb_transactor_create(db),
                                     store_memory_create(db, &ACCOUNT_TABLE)};
    int failed = transactor_contract(&world);

    memdb_destroy(db);
    return failed;
}
