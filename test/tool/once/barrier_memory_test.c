/* barrier_memory_test.c - the barrier in memory keeps the contract. */
#include "test/tool/once/barrier_contract.h"
#include "tool/once/memory/barrier_memory.h"

int main(void)
{
    struct memdb *db = memdb_create();
    struct barrier_world world = {memdb_transactor_create(db),
                                  barrier_memory_create(db, &CLOCK_SYSTEM)};
    int failed = barrier_contract(&world);

    memdb_destroy(db);
    return failed;
}
