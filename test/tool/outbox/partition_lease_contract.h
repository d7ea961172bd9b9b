/* partition_lease_contract.h - what every implementation of a lease of partitions must do. */
#ifndef TEST_TOOL_OUTBOX_PARTITION_LEASE_CONTRACT_H
#define TEST_TOOL_OUTBOX_PARTITION_LEASE_CONTRACT_H

#include "test/support/calls.h"
#include "tool/outbox/partition_lease.h"

/** One cmocka group; returns how many failed. lease: nobody holds anything; not freed. */
int partition_lease_contract(struct partition_lease *lease);

#endif
