/* contract.h - what every implementation of an interface must do, as tests that run over each: by
 * memory_contract_test.c and mysql_contract_test.c. */
#ifndef TEST_CONTRACT_CONTRACT_H
#define TEST_CONTRACT_CONTRACT_H

#include "dataservice/auth/account_store.h"
#include "test/support/calls.h"
#include "tool/once/barrier.h"
#include "tool/saga/saga_store.h"

enum { SPOILS = 4 };

/* The objects under test. Those of one schema share its transactions. */
struct contract {
    struct transactor *auth; /* of accounts, sagas, barrier */
    struct store *accounts;
    struct saga_store *sagas;
    /* The saga's row now says what this release cannot read: spoil 0 ... SPOILS-1. */
    void (*spoil)(struct contract *contract, struct uuid id, int spoil);
    struct barrier *barrier;
};

/* Each runs its tests as one cmocka group; returns how many failed. */
int saga_store_contract(struct contract *contract);
int saga_aside_contract(struct contract *contract);
int barrier_contract(struct contract *contract);
int transactor_contract(struct contract *contract);
/** All of them. */
int contract_run(struct contract *contract);
/** Frees the objects. */
void contract_fini(struct contract *contract);

#endif
