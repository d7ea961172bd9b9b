/* outbox_contract.h - what every implementation of an outbox must do, as tests that run over each.
 */
#ifndef TEST_TOOL_OUTBOX_OUTBOX_CONTRACT_H
#define TEST_TOOL_OUTBOX_OUTBOX_CONTRACT_H

#include "test/support/calls.h"
#include "tool/outbox/partition_lease.h"

/* What the suite runs over; empty. */
struct outbox_world {
    struct transactor *transactor;
    struct outbox *outbox;
    struct partition_lease *lease;
};

/** One cmocka group; returns how many failed. Frees what the world holds. */
int outbox_contract(struct outbox_world *world);

#endif
