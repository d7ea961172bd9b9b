/* contract.c - what the contract suites share. */
#include "test/contract/contract.h"

int contract_run(struct contract *contract)
{
    return transactor_contract(contract) + saga_store_contract(contract) +
           saga_aside_contract(contract) + barrier_contract(contract);
}

void contract_fini(struct contract *contract)
{
    contract->barrier->ops->destroy(contract->barrier);
    contract->sagas->ops->destroy(contract->sagas);
    store_destroy(contract->accounts);
    contract->auth->ops->destroy(contract->auth);
}
