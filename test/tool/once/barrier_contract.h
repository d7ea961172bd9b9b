/* barrier_contract.h - what every implementation of a barrier must do, as tests that run over each.
 */
#ifndef TEST_TOOL_ONCE_BARRIER_CONTRACT_H
#define TEST_TOOL_ONCE_BARRIER_CONTRACT_H

#include "test/support/calls.h"
#include "tool/once/barrier.h"

/* What the suite runs over. */
struct barrier_world {
    struct transactor *transactor;
    struct barrier *barrier;
};

/** One cmocka group; returns how many failed. Frees what the world holds. */
int barrier_contract(struct barrier_world *world);

#endif
