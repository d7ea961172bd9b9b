/* saga_store_memory_test.c - the saga store in memory keeps the contract. */
#include "test/tool/saga/saga_rows.h"
#include "tool/saga/memory/saga_store_memory.h"

static void spoil(struct saga_world *world, struct uuid id, int n)
{
    (void)n;
    saga_store_memory_spoil(world->sagas, id, true);
}

int main(void)
{
    struct memdb *db = memdb_create();
    struct saga_world world = {memdb_transactor_create(db),
                               saga_store_memory_create(db, &CLOCK_SYSTEM), spoil};
    int failed = saga_store_contract(&world) + saga_aside_contract(&world);

    saga_world_fini(&world);
    memdb_destroy(db);
    return failed;
}
