/* hold_expiry.c - see hold_expiry.h. */
#include "usecase/capacity/hold_expiry.h"

#include "model/stock.h"

enum sweep_answer hold_expiry_ask(void *self, const struct call *call, struct uuid id)
{
    const struct hold_expiry *expiry = self;
    struct hold_question question = {.hold_id = id};
    struct hold_answer answer;
    struct hold hold;

    if (store_find(expiry->capacity->holds, NULL, call, NULL, &id, &hold) != ST_OK)
        return SWEEP_NO_ANSWER;
    if (hold.state != HOLD_HELD)
        return SWEEP_WANTED;
    question.order_id = hold.owner_id;
    if (remote_ask(expiry->remote, call, expiry->owner, &question, &answer) != ST_OK)
        return SWEEP_NO_ANSWER;
    return answer.answer == HOLD_UNWANTED ? SWEEP_UNWANTED : SWEEP_WANTED;
}

enum status hold_expiry_act(void *self, struct transaction *tx, const struct call *call,
                            struct uuid id)
{
    const struct hold_expiry *expiry = self;
    struct hold hold = {.id = id};
    bool changed;
    enum status st =
        capacity_move(expiry->capacity, tx, call, HOLD_RELEASE, &hold, &hold, &changed);

    if (st != ST_OK || !changed || !expiry->released)
        return st;
    return expiry->released(expiry->arg, tx, call, &hold);
}
