/* store_memory_test.c - the store in memory keeps the contract. */
#include "test/tool/store/thing.h"
#include "tool/store/memory/store_memory.h"

int main(void)
{
    struct memdb *db = memdb_create();
    struct thing_world world = {store_memory_create(db, &THING_TABLE), memdb_transactor_create(db)};
    int failed = thing_contract(&world) + thing_pages(&world) + thing_many(&world) +
                 thing_keep(&world) + thing_seen(&world);

    failed += thing_property(&world, 20, 2000);
    store_destroy(world.things);
    world.transactor->ops->destroy(world.transactor);
    memdb_destroy(db);
    return failed;
}
