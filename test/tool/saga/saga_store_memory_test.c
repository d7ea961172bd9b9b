/* saga_store_memory_test.c - the saga store in memory keeps the contract. */
#include "test/tool/saga/saga_rows.h"
#include "tool/saga/memory/saga_store_memory.h"

static void spoil(struct saga_world *world, struct uuid id, int n)
{
    (void)n;
    saga_store_memory_spoil(world->sagas, id, true);
}

static void set_back(struct saga_world *world, int64_t ms)
{
    ((struct test_clock *)world->arg)->ahead_us -= ms * 1000;
}

int main(void)
{
    struct test_clock clock = test_clock();
    struct memdb *db = memdb_create();
    struct saga_world world = {memdb_transactor_create(db),
                               saga_store_memory_create(db, &clock.base), spoil, set_back, &clock};
    int failed =
        saga_store_contract(&world) + saga_aside_contract(&world) + saga_clock_contract(&world);

    saga_world_fini(&world);
    memdb_destroy(db);
    return failed;
}
