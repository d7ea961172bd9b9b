/* outbox_memory_test.c - the outbox in memory keeps the contract. */
#include "test/tool/outbox/outbox_contract.h"
#include "test/tool/outbox/partition_lease_contract.h"
#include "tool/outbox/memory/outbox_memory.h"

int main(void)
{
    struct memdb *db = memdb_create();
    struct partition_lease *lease = partition_lease_memory_create(db, &CLOCK_SYSTEM);
    struct outbox_world world = {memdb_transactor_create(db),
                                 outbox_memory_create(db, &CLOCK_SYSTEM, &ENTROPY_SYSTEM), lease};
    int failed = outbox_contract(&world) + partition_lease_contract(lease);

    lease->ops->destroy(lease);
    memdb_destroy(db);
    return failed;
}
