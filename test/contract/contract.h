/* contract.h - what every implementation of an interface must do, as tests that run over each: by
 * memory_contract_test.c and mysql_contract_test.c. */
#ifndef TEST_CONTRACT_CONTRACT_H
#define TEST_CONTRACT_CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dataservice/account_data_service.h"
#include "dataservice/profile_data_service.h"
#include "tool/core/call.h"
#include "tool/saga/barrier.h"
#include "tool/saga/saga_store.h"

/* The objects under test. Those of one schema share its transactions. */
struct contract {
    struct transactor *auth; /* of accounts, sagas, barrier */
    struct account_data_service *accounts;
    struct saga_store *sagas;
    struct barrier *barrier;
    struct transactor *user; /* of profiles */
    struct profile_data_service *profiles;
};

/* Each runs its tests as one cmocka group; returns how many failed. */
int account_data_contract(struct contract *contract);
int profile_data_contract(struct contract *contract);
int saga_store_contract(struct contract *contract);
int barrier_contract(struct contract *contract);
int transactor_contract(struct contract *contract);
/** All of them. */
int contract_run(struct contract *contract);
/** Frees the objects. */
void contract_fini(struct contract *contract);

/** A call with time enough for a slow machine. */
struct call contract_call(void);
struct uuid contract_uuid(void);
/** "PREFIX" and a number no other test has; buf is returned. */
char *contract_name(const char *prefix, char *buf, size_t size);

/** Fails the test when got is not want, by name. */
#define assert_status(want, got) contract_assert_status((want), (got), __FILE__, __LINE__)
void contract_assert_status(enum status want, enum status got, const char *file, int line);

enum { CONTRACT_THREADS_MAX = 16 };
/** Runs fn(arg, i) in n threads at once and waits for all. */
void contract_race(int n, void (*fn)(void *arg, int i), void *arg);

#endif
