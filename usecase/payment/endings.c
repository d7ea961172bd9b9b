/* endings.c - see endings.h. */
#include "usecase/payment/endings.h"

#include "protocol/order.h"
#include "protocol/payment.h"
#include "usecase/payment/reversal.h"

struct ending {
    struct reversal reversal;
    int64_t before;
};

/* So that an authorization that comes late finds its order canceled. */
static enum status bury(struct payment_case *p, struct transaction *tx, const struct call *call,
                        const struct order_event *order)
{
    struct payment payment = {
        .payment_id = uuid_v7(call->clock, p->entropy),
        .order_id = order->order_id,
        .user_id = order->user_id,
        .store_id = order->store_id,
        .amount = order->total,
        .status = PAYMENT_IS_ORDER_CANCELED,
        .expires_us = clock_wall_us(call->clock),
    };
    enum status st;

    payment.look_at_us = payment.expires_us;
    st = store_insert(p->payments, tx, call, &payment, NULL);
    if (st == ST_CONFLICT) /* it has come this very moment: all of it again */
        return ST_UNAVAILABLE;
    return st == ST_OK ? payment_say(p, tx, call, &PAYMENT_CANCELED, &payment, 0) : st;
}

static enum status cancel(void *row, const struct call *call, void *arg)
{
    struct payment *payment = row;
    struct ending *e = arg;
    bool under_way = payment->status == PAYMENT_IS_VOIDING;

    (void)call;
    e->before = payment->version;
    e->reversal.step = REVERSAL_NOTHING;
    if (states_allow(&PAYMENT_STATES, payment->status, "cancel", PAYMENT_BY_ORDER,
                     &payment->status) &&
        !under_way)
        reversal_plan(payment, &e->reversal);
    return ST_OK;
}

enum status payment_cancel(void *self, struct transaction *tx, const struct call *call,
                           const struct event *event, const void *data)
{
    struct payment_case *p = self;
    const struct order_event *order = data;
    struct payment payment;
    struct ending e = {0};
    enum status st = store_find(p->payments, tx, call, "order_id", &order->order_id, &payment);

    (void)event;
    if (st == ST_NOT_FOUND)
        return bury(p, tx, call, order);
    if (st == ST_OK)
        st = reversal_begin(p, tx, call, &payment, &e.reversal);
    if (st == ST_OK)
        st = store_change(p->payments, tx, call, &payment.payment_id,
                          &(struct store_change){.fn = cancel, .arg = &e}, &payment);
    if (st == ST_OK)
        st = reversal_go_on(p, tx, call, &payment, &e.reversal);
    return st == ST_OK ? payment_say(p, tx, call, reversal_event(&payment), &payment, e.before)
                       : st;
}

static enum status expire(void *row, const struct call *call, void *arg)
{
    struct payment *payment = row;

    *(int64_t *)arg = payment->version;
    if (payment->capturing > 0)
        return ST_STALE;
    payment->authorization_id = (struct uuid){{0}};
    return states_move(&PAYMENT_STATES, call, &payment->status, "expire", PAYMENT_BY_CLOCK);
}

enum status payment_expire(void *arg, struct transaction *tx, const struct call *call,
                           struct uuid id)
{
    struct payment_case *p = arg;
    struct payment payment;
    int64_t before = 0;
    enum status st = store_change(p->payments, tx, call, &id,
                                  &(struct store_change){.fn = expire, .arg = &before}, &payment);

    return st == ST_OK ? payment_say(p, tx, call, &PAYMENT_EXPIRED, &payment, before) : st;
}
