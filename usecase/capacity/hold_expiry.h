/* hold_expiry.h - what becomes of holds whose time is over: their owners are asked, and those that
 * are not wanted are let go. The clock alone frees nothing. Two functions for a sweeper
 * (tool/sweep/sweeper.h), whose arg is a struct hold_expiry. */
#ifndef USECASE_CAPACITY_HOLD_EXPIRY_H
#define USECASE_CAPACITY_HOLD_EXPIRY_H

#include "tool/remote/remote.h"
#include "tool/sweep/sweeper.h"
#include "usecase/capacity/capacity.h"

struct hold_expiry {
    const struct capacity *capacity; /* all borrowed */
    struct remote *remote;
    const struct remote_row *owner; /* is asked: struct hold_question -> struct hold_answer */
    /* In the transaction that has let it go. ST_OK, or it is all rolled back. NULL = nothing */
    enum status (*released)(void *arg, struct transaction *tx, const struct call *call,
                            const struct hold *hold);
    void *arg;
};

/** Of a hold that is HELD no more: wanted, there is nothing left to do. Without an answer it stays
 * as well. */
enum sweep_answer hold_expiry_ask(void *self, const struct call *call, struct uuid id);
/** Lets it go. ST_OK | ST_INTERNAL | ST_UNAVAILABLE | what released returns */
enum status hold_expiry_act(void *self, struct transaction *tx, const struct call *call,
                            struct uuid id);

#endif
