/* operation_end.c - what an outcome makes of a payment, in one transaction; see operation.h. */
#include "usecase/payment/operation.h"

#include "protocol/payment.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/payment/ledger.h"
#include "usecase/payment/reversal.h"

struct ending {
    struct payment_case *p;
    const struct provider_outcome *outcome;
    struct payment_operation op;
    bool done; /* now, and not before */
    struct payment payment;
    int64_t before; /* the payment's version */
    struct reversal reversal;
};

static bool went_well(const struct ending *e)
{
    return e->outcome->state == PROVIDER_DONE;
}

static enum status note(void *row, const struct call *call, void *arg)
{
    struct payment_operation *op = row;
    struct ending *e = arg;

    (void)call;
    e->done = op->state == OPERATION_REQUESTED || op->state == OPERATION_UNASKED;
    if (!e->done)
        return ST_OK;
    op->state = went_well(e) ? OPERATION_SUCCEEDED : OPERATION_DECLINED;
    if (!went_well(e))
        TEXT_COPY(op->reason, e->outcome->reason);
    return ST_OK;
}

/* ---- what becomes of the payment ---- */

static bool is_reversed(const struct payment *payment)
{
    return payment->status == PAYMENT_IS_VOIDING || payment->status == PAYMENT_IS_CANCELING;
}

/* Whatever the table does not allow is not so: money was counted, and the status stays. */
static void move(struct payment *payment, const char *action)
{
    (void)states_allow(&PAYMENT_STATES, payment->status, action, PAYMENT_BY_PROVIDER,
                       &payment->status);
}

/* One that was given up says nothing about the payment any more. */
static void end_authorize(struct payment *payment, const struct ending *e, const struct call *call)
{
    if (!uuid_equal(payment->authorization_id, e->op.operation_id) || is_reversed(payment))
        return;
    if (went_well(e)) {
        payment->expires_us = payment->look_at_us = clock_wall_us(call->clock) + PAYMENT_HELD_US;
    } else {
        payment->authorization_id = (struct uuid){{0}};
        TEXT_COPY(payment->reason, e->op.reason);
    }
    move(payment, went_well(e) ? "authorized" : "declined");
}

static void end_capture(struct payment *payment, const struct ending *e)
{
    if (went_well(e))
        payment->captured += e->op.money.amount;
    else
        payment->capturing -= e->op.money.amount;
    if (went_well(e))
        move(payment, "captured");
}

static void end_refund(struct payment *payment, const struct ending *e)
{
    if (went_well(e))
        payment->refunded += e->op.money.amount;
    else
        payment->refunding -= e->op.money.amount;
    if (went_well(e))
        move(payment, payment->refunded == payment->captured ? "refunded" : "refunded_part");
}

static enum status apply(void *row, const struct call *call, void *arg)
{
    struct payment *payment = row;
    struct ending *e = arg;

    e->before = payment->version;
    e->reversal = (struct reversal){.step = REVERSAL_NOTHING};
    if (!went_well(e) && e->op.kind != PAYMENT_KIND_AUTHORIZE)
        TEXT_COPY(payment->reason, e->op.reason);
    switch ((enum payment_kind)e->op.kind) {
    case PAYMENT_KIND_AUTHORIZE:
        end_authorize(payment, e, call);
        return ST_OK;
    case PAYMENT_KIND_CAPTURE:
        end_capture(payment, e);
        break;
    case PAYMENT_KIND_VOID:
        if (went_well(e))
            payment->authorization_id = (struct uuid){{0}};
        break;
    case PAYMENT_KIND_REFUND:
        end_refund(payment, e);
        break;
    }
    /* What a reversal was refused is for people: asked again it would be refused again. */
    if (is_reversed(payment) && (went_well(e) || !e->op.reverses))
        reversal_plan(payment, &e->reversal);
    return ST_OK;
}

static const struct event_type *event_of(const struct ending *e)
{
    static const struct event_type *const DONE[] = {
        [PAYMENT_KIND_AUTHORIZE] = &PAYMENT_AUTHORIZED,
        [PAYMENT_KIND_CAPTURE] = &PAYMENT_CAPTURED,
        [PAYMENT_KIND_REFUND] = &PAYMENT_REFUNDED,
    };
    bool ended =
        e->payment.status == PAYMENT_IS_VOIDED || e->payment.status == PAYMENT_IS_ORDER_CANCELED;

    if (ended || e->op.kind == PAYMENT_KIND_VOID)
        return went_well(e) || ended ? reversal_event(&e->payment) : &PAYMENT_DECLINED;
    return went_well(e) ? DONE[e->op.kind] : &PAYMENT_DECLINED;
}

static enum status end_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct ending *e = arg;
    struct payment_case *p = e->p;
    struct uuid id = e->op.operation_id;
    enum status st = store_change(p->operations, tx, call, &id,
                                  &(struct store_change){.fn = note, .arg = e}, &e->op);

    if (st != ST_OK || !e->done)
        return st;
    st = store_change(p->payments, tx, call, &e->op.payment_id,
                      &(struct store_change){.fn = apply, .arg = e}, &e->payment);
    if (st == ST_OK && went_well(e))
        st = ledger_enter(p, tx, call, &e->op);
    if (st == ST_OK)
        st = reversal_go_on(p, tx, call, &e->payment, &e->reversal);
    return st == ST_OK ? payment_say(p, tx, call, event_of(e), &e->payment, e->before) : st;
}

enum status operation_end(struct payment_case *p, const struct call *call,
                          const struct provider_outcome *outcome, struct payment_operation *op)
{
    struct ending e = {.p = p, .outcome = outcome, .op = *op};
    enum status st = transactor_run(p->transactor, call, end_in, &e);

    if (st != ST_OK)
        return st;
    *op = e.op;
    if (!e.done)
        return ST_OK;
    metric_add(p->decided[op->kind][went_well(&e) ? 0 : 1], 1);
    log_info("the provider has said", LOG_CALL(call), LOG_UUID("operationId", op->operation_id),
             LOG_UUID("orderId", op->order_id), LOG_TEXT("kind", PAYMENT_KIND_NAMES[op->kind]),
             LOG_TEXT("state", OPERATION_STATE_NAMES[op->state]),
             LOG_TEXT("reason", went_well(&e) ? NULL : op->reason));
    return ST_OK;
}
