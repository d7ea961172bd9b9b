/* amounts.c - captures and refunds; see amounts.h and authorize.h. */
#include "usecase/payment/amounts.h"

#include <string.h>

#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/payment/authorize.h"
#include "usecase/payment/operation.h"
#include "usecase/payment/owners.h"

struct claim {
    const char *action; /* of PAYMENT_STATES */
    enum payment_who who;
    int kind; /* PAYMENT_KIND_CAPTURE, PAYMENT_KIND_REFUND */
    int64_t amount;
    int64_t before;
};

static enum status exceeds(const struct call *call, const struct payment *payment,
                           const struct claim *c, int64_t left)
{
    bool captures = c->kind == PAYMENT_KIND_CAPTURE;

    if (call->problem)
        problem_field(call->problem, "amount", "%lld %s left, in minor units", (long long)left,
                      payment->amount.currency);
    return call_fail(
        call, ST_CONFLICT, captures ? "capture_exceeds_authorized" : "refund_exceeds_captured",
        "%lld of %s is left, in minor units.", (long long)left, payment->amount.currency);
}

static enum status claim(void *row, const struct call *call, void *arg)
{
    struct payment *payment = row;
    struct claim *c = arg;
    bool captures = c->kind == PAYMENT_KIND_CAPTURE;
    int64_t left = captures ? payment->amount.amount - payment->capturing
                            : payment->captured - payment->refunding;
    enum status st;

    c->before = payment->version;
    if (!captures && c->amount > left) /* whatever state it is in */
        return exceeds(call, payment, c, left);
    st = states_move(&PAYMENT_STATES, call, &payment->status, c->action, c->who);
    if (st != ST_OK)
        return st;
    if (c->amount > left)
        return exceeds(call, payment, c, left);
    *(captures ? &payment->capturing : &payment->refunding) += c->amount;
    return ST_OK;
}

static enum status find(struct payment_case *p, struct transaction *tx, const struct call *call,
                        const struct uuid *order_id, struct payment *payment)
{
    enum status st = store_find(p->payments, tx, call, "order_id", order_id, payment);

    return st == ST_NOT_FOUND ? call_fail(call, st, NULL, "There is no payment for this order.")
                              : st;
}

/* op: its reason and, once it is ST_OK, all of it. */
static enum status request(struct payment_case *p, struct transaction *tx, const struct call *call,
                           struct payment *payment, struct claim *c, struct payment_operation *op)
{
    enum status st = store_change(p->payments, tx, call, &payment->payment_id,
                                  &(struct store_change){.fn = claim, .arg = c}, payment);

    op->kind = c->kind;
    op->money = payment->amount;
    op->money.amount = c->amount;
    if (st == ST_OK)
        st = operation_request(p, tx, call, payment, op, c->who != PAYMENT_BY_OPERATOR);
    return st == ST_OK ? payment_say(p, tx, call, &PAYMENT_ASKED, payment, c->before) : st;
}

static enum status request_for_saga(struct payment_case *p, struct transaction *tx,
                                    const struct call *call, struct claim *c,
                                    const struct payment_amount *asked, struct payment_moved *moved)
{
    struct payment payment = {.status = PAYMENT_IS_REQUESTED};
    struct payment_operation op = {0};
    enum status st = find(p, tx, call, &asked->order_id, &payment);

    c->amount = asked->amount;
    c->who = PAYMENT_BY_SAGA;
    if (st == ST_OK)
        st = request(p, tx, call, &payment, c, &op);
    moved->status = payment.status;
    return st;
}

enum status payment_capture(void *self, struct transaction *tx, const struct call *call,
                            const void *in, void *out)
{
    struct claim c = {.action = "capture", .kind = PAYMENT_KIND_CAPTURE};

    return request_for_saga(self, tx, call, &c, in, out);
}

/* All of it. Of a payment that is over, or taken already, nothing. */
enum status payment_accept(void *self, struct transaction *tx, const struct call *call,
                           const struct event *event, const void *data)
{
    struct payment_case *p = self;
    const struct ticket_event *ticket = data;
    struct claim c = {.action = "capture", .who = PAYMENT_BY_ORDER, .kind = PAYMENT_KIND_CAPTURE};
    struct payment_operation op = {0};
    struct payment payment;
    enum status st = find(p, tx, call, &ticket->order_id, &payment);

    (void)event;
    if (st != ST_OK)
        return st;
    if (payment.status != PAYMENT_IS_EXPIRED &&
        (payment.status != PAYMENT_IS_AUTHORIZED || payment.capturing > 0))
        return ST_OK;
    c.amount = payment.amount.amount;
    return request(p, tx, call, &payment, &c, &op);
}

enum status payment_refund(void *self, struct transaction *tx, const struct call *call,
                           const void *in, void *out)
{
    struct claim c = {.action = "refund", .kind = PAYMENT_KIND_REFUND};

    return request_for_saga(self, tx, call, &c, in, out);
}

/* Whose order it is may know of it, and not more. */
static enum status may_refund(const struct payment_case *p, struct transaction *tx,
                              const struct call *call, const struct payment *payment)
{
    struct uuid caller;
    bool runs;
    enum status st = store_is_run_by(p, tx, call, payment->store_id, &runs);

    if (st != ST_OK || runs)
        return st;
    if (uuid_parse(call->user, &caller) && uuid_equal(caller, payment->user_id))
        return call_fail(call, ST_FORBIDDEN, NULL, "It is its store's to give money back.");
    return call_fail(call, ST_NOT_FOUND, NULL, "There is no payment for this order.");
}

enum status refund_create(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    struct payment_case *p = self;
    const struct refund_form *form = in;
    struct refund_made *made = out;
    struct claim c = {.action = "refund",
                      .who = PAYMENT_BY_OPERATOR,
                      .kind = PAYMENT_KIND_REFUND,
                      .amount = form->amount.amount};
    struct payment_operation op = {0};
    struct payment payment;
    enum status st = find(p, tx, call, &form->order_id, &payment);

    if (st == ST_OK)
        st = may_refund(p, tx, call, &payment);
    if (st != ST_OK)
        return st;
    if (strcmp(payment.amount.currency, form->amount.currency) != 0)
        return call_fail(call, ST_UNPROCESSABLE, "currency_mismatch", "It was paid in %s.",
                         payment.amount.currency);
    TEXT_COPY(op.reason, form->reason);
    st = request(p, tx, call, &payment, &c, &op);
    *made = (struct refund_made){op.operation_id, op.state};
    return st;
}

enum status refund_created(void *self, const struct call *call, const void *in, void *out,
                           bool again)
{
    struct refund_made *made = out;
    struct payment_operation op;

    (void)in;
    if (operation_settle(self, call, made->operation_id, again ? SETTLE_AGAIN : SETTLE_FRESH,
                         &op) != ST_OK)
        return ST_PENDING; /* it is written down, and will be asked for */
    made->state = op.state;
    return ST_OK;
}
