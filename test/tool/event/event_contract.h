/* event_contract.h - what must hold for events heard and for dead letters, over any storage. */
#ifndef TEST_TOOL_EVENT_EVENT_CONTRACT_H
#define TEST_TOOL_EVENT_EVENT_CONTRACT_H

#include "test/tool/event/orders.h"

/** One cmocka group each; return how many failed. */
int dead_letters_contract(struct orders *orders);
int hearer_contract(struct orders *orders);
int together_contract(struct orders *orders);
int replay_contract(struct orders *orders);
int feed_contract(struct orders *orders);

#endif
