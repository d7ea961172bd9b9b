/* throttle_memory_test.c - those who fail are held, by rows in memory. */
#include "test/tool/throttle/throttle_contract.h"
#include "tool/store/memory/store_memory.h"

int main(void)
{
    struct memdb *db = memdb_create();
    struct store *attempts = store_memory_create(db, &ATTEMPT_TABLE);
    struct transactor *transactor = memdb_transactor_create(db);
    struct throttle_world world = {
        {attempts,   attempts  },
        {transactor, transactor}
    };
    int failed = throttle_contract(&world);

    store_destroy(attempts);
    transactor->ops->destroy(transactor);
    memdb_destroy(db);
    return failed;
}
