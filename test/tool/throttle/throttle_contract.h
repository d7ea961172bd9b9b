/* throttle_contract.h - what holding those who fail must come to over any store, as tests. */
#ifndef TEST_TOOL_THROTTLE_THROTTLE_CONTRACT_H
#define TEST_TOOL_THROTTLE_THROTTLE_CONTRACT_H

#include "test/support/calls.h"
#include "tool/throttle/throttle.h"

/* What the suite runs over: two instances of a service, which may be the same. */
struct throttle_world {
    struct store *attempts[2];
    struct transactor *transactors[2];
};

/** One cmocka group; returns how many failed. */
int throttle_contract(struct throttle_world *world);

#endif
