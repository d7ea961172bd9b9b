/* reversal.c - see reversal.h. */
#include "usecase/payment/reversal.h"

#include "protocol/payment.h"
#include "tool/core/mem.h"

enum status reversal_begin(struct payment_case *p, struct transaction *tx, const struct call *call,
                           const struct payment *payment, struct reversal *r)
{
    struct payment_operation op;
    enum status st;

    *r = (struct reversal){.step = REVERSAL_NOTHING};
    if (payment->status != PAYMENT_IS_REQUESTED)
        return ST_OK;
    st = store_find(p->operations, tx, call, NULL, &payment->authorization_id, &op);
    r->unasked = st == ST_OK && op.state == OPERATION_UNASKED;
    return st;
}

static void end(struct payment *payment, struct reversal *r)
{
    r->step = r->unasked ? REVERSAL_FORGET : REVERSAL_NOTHING;
    r->authorization_id = payment->authorization_id;
    payment->status =
        payment->status == PAYMENT_IS_VOIDING ? PAYMENT_IS_VOIDED : PAYMENT_IS_ORDER_CANCELED;
    payment->authorization_id = (struct uuid){{0}};
}

void reversal_plan(struct payment *payment, struct reversal *r)
{
    r->step = REVERSAL_NOTHING;
    if (payment->capturing > payment->captured || payment->refunding > payment->refunded)
        return;
    if (payment->captured > payment->refunded) {
        r->step = REVERSAL_REFUND;
        r->amount = payment->captured - payment->refunded;
        payment->refunding = payment->captured;
    } else if (payment->captured == 0 && !uuid_is_nil(payment->authorization_id) && !r->unasked) {
        r->step = REVERSAL_VOID;
    } else {
        end(payment, r);
    }
}

static enum status forget(void *row, const struct call *call, void *arg)
{
    struct payment_operation *op = row;

    (void)call;
    (void)arg;
    if (op->state != OPERATION_UNASKED)
        return ST_UNAVAILABLE;
    op->state = OPERATION_DECLINED;
    TEXT_COPY(op->reason, "never_asked");
    return ST_OK;
}

enum status reversal_go_on(struct payment_case *p, struct transaction *tx, const struct call *call,
                           const struct payment *payment, const struct reversal *r)
{
    struct payment_operation op = {.kind = PAYMENT_KIND_VOID,
                                   .money = payment->amount,
                                   .reason = "reversed",
                                   .reverses = true};

    switch (r->step) {
    case REVERSAL_NOTHING:
        return ST_OK;
    case REVERSAL_FORGET:
        return store_change(p->operations, tx, call, &r->authorization_id,
                            &(struct store_change){.fn = forget}, NULL);
    case REVERSAL_REFUND:
        op.kind = PAYMENT_KIND_REFUND;
        op.money.amount = r->amount;
        break;
    case REVERSAL_VOID:
        break;
    }
    return operation_request(p, tx, call, payment, &op, true);
}

const struct event_type *reversal_event(const struct payment *payment)
{
    switch (payment->status) {
    case PAYMENT_IS_VOIDED:
        return &PAYMENT_VOIDED;
    case PAYMENT_IS_ORDER_CANCELED:
        return &PAYMENT_CANCELED;
    default:
        return &PAYMENT_ASKED;
    }
}
