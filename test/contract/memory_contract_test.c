/* memory_contract_test.c - the memory implementations keep the contracts. */
#include "dataservice/memory/account_data_memory.h"
#include "dataservice/memory/profile_data_memory.h"
#include "test/contract/contract.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/saga/memory/saga_store_memory.h"

static void spoil(struct contract *contract, struct uuid id, int n)
{
    (void)n;
    saga_store_memory_spoil(contract->sagas, id, true);
}

int main(void)
{
    struct memdb *auth = memdb_create(), *user = memdb_create();
    struct contract contract = {
        .auth = memdb_transactor_create(auth),
        .accounts = account_data_memory_create(auth, &CLOCK_SYSTEM),
        .sagas = saga_store_memory_create(auth, &CLOCK_SYSTEM),
        .spoil = spoil,
        .barrier = barrier_memory_create(auth, &CLOCK_SYSTEM),
        .user = memdb_transactor_create(user),
        .profiles = profile_data_memory_create(user, &CLOCK_SYSTEM),
    };
    int failed = contract_run(&contract);

    contract_fini(&contract);
    memdb_destroy(user);
    memdb_destroy(auth);
    return failed;
}
