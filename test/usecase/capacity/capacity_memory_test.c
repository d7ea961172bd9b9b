/* capacity_memory_test.c - slots and holds in memory. */
#include "dataservice/capacity/memory/capacity_rows_memory.h"
#include "test/usecase/capacity/capacity_world.h"
#include "tool/core/log.h"
#include "tool/core/sanitized_test.h"
#include "tool/store/memory/store_memory.h"
#include "tool/sweep/memory/sweep_rows_memory.h"

enum { SEEDS = SANITIZED ? 50 : 300 };

int main(void)
{
    struct memdb *db = memdb_create();
    struct transactor *transactor = memdb_transactor_create(db);
    struct store *slots = store_memory_create(db, &SLOT_TABLE);
    struct store *holds = store_memory_create(db, &HOLD_TABLE);
    struct capacity_rows *rows = capacity_rows_memory_create(db, slots);
    struct sweep_rows *overdue = sweep_rows_memory_create(
        db, &CLOCK_SYSTEM, &HOLD_TABLE,
        &(struct sweep_table){"hold", "id", "state = 'HELD'", "expires_at", "sweep_at"});
    struct capacity_world world = {.crash = NULL};
    int failed;

    for (int i = 0; i < WORLD_INSTANCES; i++)
        world.instances[i] = (struct instance){
            {slots, holds, rows},
            transactor, overdue
        };
    log_set_fd(-1);
    failed = capacity_contract(&world) + capacity_expiry(&world) + capacity_race(&world) +
             capacity_property(&world, SEEDS);
    overdue->ops->destroy(overdue);
    capacity_rows_memory_destroy(rows);
    store_destroy(holds);
    store_destroy(slots);
    transactor->ops->destroy(transactor);
    memdb_destroy(db);
    return failed;
}
