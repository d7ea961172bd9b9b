/* reversal.h - a payment that is undone, by its saga or because its order was canceled: what is
 * held is voided, what was taken is given back, one after the other, until nothing is left. */
#ifndef USECASE_PAYMENT_REVERSAL_H
#define USECASE_PAYMENT_REVERSAL_H

#include "usecase/payment/payment_case.h"

enum reversal_step {
    REVERSAL_NOTHING, /* it is over, or waits for what is under way */
    REVERSAL_VOID,
    REVERSAL_REFUND,
    REVERSAL_FORGET, /* the authorization was never asked for, and will not be */
};

struct reversal {
    bool unasked; /* its authorization is OPERATION_UNASKED */
    enum reversal_step step;
    struct uuid authorization_id;
    int64_t amount; /* REVERSAL_REFUND */
};

/** In tx: looks what a reversal of it has to know. ST_OK | ST_UNAVAILABLE */
enum status reversal_begin(struct payment_case *p, struct transaction *tx, const struct call *call,
                           const struct payment *payment, struct reversal *r);
/** What comes next of one that is VOIDING or CANCELING: changes the row, locked, and says what is
 * to be asked for. Pure. */
void reversal_plan(struct payment *payment, struct reversal *r);
/** In the same tx: writes down what is to be asked for. ST_OK | ST_UNAVAILABLE (it is another by
 * now: all of it again) */
enum status reversal_go_on(struct payment_case *p, struct transaction *tx, const struct call *call,
                           const struct payment *payment, const struct reversal *r);
/** The event of a payment that a reversal has changed. */
const struct event_type *reversal_event(const struct payment *payment);

#endif
