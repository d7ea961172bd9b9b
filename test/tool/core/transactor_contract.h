/* transactor_contract.h - what every transactor must do, as tests that run over each: over a store
 * of accounts in it. */
#ifndef TEST_TOOL_CORE_TRANSACTOR_CONTRACT_H
#define TEST_TOOL_CORE_TRANSACTOR_CONTRACT_H

#include "dataservice/auth/account_store.h"
#include "test/support/calls.h"

/* What the suite runs over. */
struct transactor_world {
    struct transactor *transactor;
    struct store *accounts;
};

/** One cmocka group; returns how many failed. Frees what the world holds. */
int transactor_contract(struct transactor_world *world);

#endif
