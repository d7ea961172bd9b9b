/* hold_owners_remote.h - the order service, asked over NATS. */
#ifndef DATASERVICE_CAPACITY_REMOTE_HOLD_OWNERS_REMOTE_H
#define DATASERVICE_CAPACITY_REMOTE_HOLD_OWNERS_REMOTE_H

#include "dataservice/capacity/hold_owners.h"

struct operation;
struct proxy;

/** Borrows both. op: takes struct hold_question, answers struct hold_answer. */
struct hold_owners *hold_owners_remote_create(struct proxy *proxy, const struct operation *op);

#endif
