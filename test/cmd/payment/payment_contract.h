/* payment_contract.h - what must hold of payments, over memory and over MariaDB. */
#ifndef TEST_CMD_PAYMENT_PAYMENT_CONTRACT_H
#define TEST_CMD_PAYMENT_PAYMENT_CONTRACT_H

#include "test/cmd/payment/payment_world.h"

typedef int (*world_fn)(void **state);

/** Each with a world of its own; how many failed. */
int payment_contract(world_fn setup, world_fn teardown);
/** The same: money that is taken and given back. */
int payment_money_contract(world_fn setup, world_fn teardown);
/** The same: ledger, webhooks, the provider's book, lists. */
int payment_books_contract(world_fn setup, world_fn teardown);
/** The same: what its store does, and its owner. */
int payment_store_contract(world_fn setup, world_fn teardown);

#endif
