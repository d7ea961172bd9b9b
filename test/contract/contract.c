/* contract.c - what the contract suites share. */
#include "test/contract/contract.h"

int contract_run(struct contract *contract)
{
    return transactor_contract(contract) + account_data_contract(contract) +
           profile_data_contract(contract) + saga_store_contract(contract) +
           saga_aside_contract(contract) + barrier_contract(contract);
}

void contract_fini(struct contract *contract)
{
    contract->profiles->ops->destroy(contract->profiles);
    contract->user->ops->destroy(contract->user);
    contract->barrier->ops->destroy(contract->barrier);
    contract->sagas->ops->destroy(contract->sagas);
    contract->accounts->ops->destroy(contract->accounts);
    contract->auth->ops->destroy(contract->auth);
}
