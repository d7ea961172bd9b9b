/* authorize.c - holding the money of an order, and undoing that; see authorize.h. */
#include "usecase/payment/authorize.h"

#include <string.h>

#include "protocol/payment.h"
#include "tool/core/mem.h"
#include "usecase/payment/operation.h"
#include "usecase/payment/reversal.h"

struct resumption {
    const struct payment_authorization *form;
    struct uuid operation_id;
    bool unasked; /* the authorization before it is OPERATION_UNASKED */
    bool adopted; /* there is one already that is as good */
    int64_t before;
};

static struct money money_of(const struct payment_authorization *form)
{
    struct money money = {.amount = form->amount};

    TEXT_COPY(money.currency, form->currency);
    return money;
}

static enum status insert_operation(struct payment_case *p, struct transaction *tx,
                                    const struct call *call, const struct payment *payment,
                                    const struct payment_authorization *form)
{
    struct payment_operation op = {.operation_id = payment->authorization_id,
                                   .kind = PAYMENT_KIND_AUTHORIZE,
                                   .money = payment->amount};

    TEXT_COPY(op.method, form->method);
    return operation_request(p, tx, call, payment, &op, false);
}

/* ---- the first for its order ---- */

static enum status begin(struct payment_case *p, struct transaction *tx, const struct call *call,
                         const struct payment_authorization *form, struct payment *payment)
{
    enum status st;

    *payment = (struct payment){
        .payment_id = uuid_v7(call->clock, p->entropy),
        .order_id = form->order_id,
        .user_id = form->user_id,
        .store_id = form->store_id,
        .saga_id = form->saga_id,
        .authorization_id = uuid_v7(call->clock, p->entropy),
        .amount = money_of(form),
        .status = PAYMENT_IS_REQUESTED,
        .expires_us = clock_wall_us(call->clock) + PAYMENT_HELD_US,
    };
    payment->look_at_us = payment->expires_us;
    st = store_insert(p->payments, tx, call, payment, NULL);
    if (st == ST_CONFLICT) /* another saga was first, a moment ago */
        return ST_PENDING;
    if (st == ST_OK)
        st = insert_operation(p, tx, call, payment, form);
    return st == ST_OK ? payment_say(p, tx, call, &PAYMENT_ASKED, payment, 0) : st;
}

/* ---- one more for its order ---- */

/* Money that is held or was taken for an order is so whichever saga asks. */
static bool is_as_good(const struct payment *payment)
{
    return payment->status == PAYMENT_IS_AUTHORIZED || payment->status == PAYMENT_IS_CAPTURED ||
           payment->status == PAYMENT_IS_PARTLY_REFUNDED || payment->status == PAYMENT_IS_REFUNDED;
}

static enum status resume(void *row, const struct call *call, void *arg)
{
    struct payment *payment = row;
    struct resumption *r = arg;
    struct money money = money_of(r->form);
    enum status st;

    r->before = payment->version;
    r->adopted = is_as_good(payment);
    if (payment->amount.amount != money.amount ||
        strcmp(payment->amount.currency, money.currency) != 0)
        return call_fail(call, ST_UNPROCESSABLE, "amount_mismatch",
                         "It was %lld %s that was asked for this order before.",
                         (long long)payment->amount.amount, payment->amount.currency);
    payment->saga_id = r->form->saga_id;
    if (r->adopted)
        return ST_OK;
    if (payment->status == PAYMENT_IS_VOIDING ||
        (payment->status == PAYMENT_IS_REQUESTED && !r->unasked))
        return ST_PENDING;
    st = states_move(&PAYMENT_STATES, call, &payment->status, "authorize", PAYMENT_BY_SAGA);
    payment->authorization_id = r->operation_id;
    payment->reason[0] = '\0';
    payment->expires_us = payment->look_at_us = clock_wall_us(call->clock) + PAYMENT_HELD_US;
    return st;
}

static enum status go_on(struct payment_case *p, struct transaction *tx, const struct call *call,
                         const struct payment_authorization *form, struct payment *payment)
{
    struct resumption r = {.form = form, .operation_id = uuid_v7(call->clock, p->entropy)};
    struct uuid former = payment->authorization_id;
    struct reversal before;
    enum status st = reversal_begin(p, tx, call, payment, &before);

    r.unasked = before.unasked;
    if (st == ST_OK)
        st = store_change(p->payments, tx, call, &payment->payment_id,
                          &(struct store_change){.fn = resume, .arg = &r}, payment);
    if (st != ST_OK || r.adopted)
        return st;
    before = (struct reversal){.step = r.unasked ? REVERSAL_FORGET : REVERSAL_NOTHING,
                               .authorization_id = former};
    st = reversal_go_on(p, tx, call, payment, &before);
    if (st == ST_OK)
        st = insert_operation(p, tx, call, payment, form);
    return st == ST_OK ? payment_say(p, tx, call, &PAYMENT_ASKED, payment, r.before) : st;
}

enum status payment_authorize(void *self, struct transaction *tx, const struct call *call,
                              const void *in, void *out)
{
    struct payment_case *p = self;
    const struct payment_authorization *form = in;
    struct payment payment;
    enum status st = store_find(p->payments, tx, call, "order_id", &form->order_id, &payment);

    if (st == ST_NOT_FOUND)
        st = begin(p, tx, call, form, &payment);
    else if (st == ST_OK)
        st = go_on(p, tx, call, form, &payment);
    if (st == ST_OK || st == ST_PENDING)
        *(struct payment_authorized *)out = (struct payment_authorized){
            payment.payment_id, payment.authorization_id, payment.status};
    return st;
}

/* ---- and then ---- */

static enum status tell_status(struct payment_case *p, const struct call *call,
                               const struct payment_authorization *form,
                               struct payment_authorized *out)
{
    struct payment payment;
    enum status st = store_find(p->payments, NULL, call, "order_id", &form->order_id, &payment);

    if (st != ST_OK)
        return st;
    out->status = payment.status;
    return is_as_good(&payment)
               ? ST_OK
               : call_fail(call, ST_CONFLICT, "wrong_state", "The payment is %s by now.",
                           PAYMENT_STATUS_NAMES[payment.status]);
}

enum status payment_authorized(void *self, const struct call *call, const void *in, void *out,
                               bool again)
{
    struct payment_case *p = self;
    struct payment_authorized *authorized = out;
    struct payment_operation op;
    enum status st = operation_settle(p, call, authorized->operation_id,
                                      again ? SETTLE_AGAIN : SETTLE_FRESH, &op);

    if (st == ST_PENDING)
        authorized->status = PAYMENT_IS_REQUESTED;
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_INTERNAL : st;
    if (op.state == OPERATION_DECLINED)
        return call_fail(call, ST_CONFLICT, "payment_declined", "%s: the provider declined.",
                         op.reason);
    if (again || authorized->status != PAYMENT_IS_REQUESTED)
        return tell_status(p, call, in, authorized);
    authorized->status = PAYMENT_IS_AUTHORIZED;
    return ST_OK;
}

/* ---- undoing ---- */

struct undoing {
    struct uuid saga_id;
    struct reversal reversal;
    int64_t before;
};

static enum status undo(void *row, const struct call *call, void *arg)
{
    struct payment *payment = row;
    struct undoing *u = arg;

    (void)call;
    u->before = payment->version;
    u->reversal.step = REVERSAL_NOTHING;
    /* By now another saga's, or too late to be undone: that is its order's to cancel. */
    if (uuid_equal(payment->saga_id, u->saga_id) &&
        states_allow(&PAYMENT_STATES, payment->status, "void", PAYMENT_BY_SAGA, &payment->status))
        reversal_plan(payment, &u->reversal);
    return ST_OK;
}

enum status payment_void(void *self, struct transaction *tx, const struct call *call,
                         const void *in, void *out)
{
    struct payment_case *p = self;
    const struct payment_order *asked = in;
    struct undoing u = {.saga_id = asked->saga_id};
    struct payment payment;
    enum status st = store_find(p->payments, tx, call, "order_id", &asked->order_id, &payment);

    (void)out;
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    st = reversal_begin(p, tx, call, &payment, &u.reversal);
    if (st == ST_OK)
        st = store_change(p->payments, tx, call, &payment.payment_id,
                          &(struct store_change){.fn = undo, .arg = &u}, &payment);
    if (st == ST_OK)
        st = reversal_go_on(p, tx, call, &payment, &u.reversal);
    return st == ST_OK ? payment_say(p, tx, call, reversal_event(&payment), &payment, u.before)
                       : st;
}

enum status payment_voided(void *self, const struct call *call, const void *in, void *out)
{
    struct payment_case *p = self;
    const struct payment_order *asked = in;
    struct payment payment = {.status = PAYMENT_IS_VOIDED};
    enum status st = store_find(p->payments, NULL, call, "order_id", &asked->order_id, &payment);

    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    ((struct payment_moved *)out)->status = payment.status;
    return ST_OK;
}
