/* memory_contract_test.c - the memory implementations keep the contracts. */
#include "test/contract/contract.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/store/memory/store_memory.h"

static void spoil(struct contract *contract, struct uuid id, int n)
{
    (void)n;
    saga_store_memory_spoil(contract->sagas, id, true);
}

int main(void)
{
    struct memdb *auth = memdb_create();
    struct contract contract = {
        .auth = memdb_transactor_create(auth),
        .accounts = store_memory_create(auth, &ACCOUNT_TABLE),
        .sagas = saga_store_memory_create(auth, &CLOCK_SYSTEM),
        .spoil = spoil,
        .barrier = barrier_memory_create(auth, &CLOCK_SYSTEM),
    };
    int failed = contract_run(&contract);

    contract_fini(&contract);
    memdb_destroy(auth);
    return failed;
}
