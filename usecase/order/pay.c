/* pay.c - see pay.h. */
#include "usecase/order/pay.h"

#include <string.h>

#include "protocol/order.h"
#include "tool/core/mem.h"
#include "usecase/order/order_key.h"
#include "usecase/order/order_row.h"
#include "usecase/order/pay_saga.h"

/* A payment on its way. */
struct paying {
    const struct orders *orders;
    const struct order_pay_form *form;
    struct order_key key;
    struct order_led led;
    struct order order; /* as it was found, then as it is */
    bool entering, twin;
};

static void set_method(struct order *order, const void *arg)
{
    const struct order_pay_form *form = arg;

    TEXT_COPY(order->method, form->payment.method);
    TEXT_COPY(order->payment_status, "REQUESTED");
}

static enum status begin(struct transaction *tx, const struct call *call, void *arg)
{
    struct paying *p = arg;
    const struct order_move move = {
        .action = "pay",
        .actor = ORDER_ACTOR_CUSTOMER,
        .by_id = p->order.user_id,
        .says = &ORDER_CHANGED,
        .also = set_method,
        .arg = p->form,
    };
    enum status st;

    p->entering = true;
    st = order_key_enter(p->orders, tx, call, &p->key, &p->led);
    p->twin = st == ST_CONFLICT;
    if (st != ST_OK)
        return st;
    p->entering = false;
    return order_move(p->orders, tx, call, p->form->order_id, &move, &p->order);
}

static void answer(const struct order *order, struct uuid saga_id, struct order_paying *out)
{
    *out = (struct order_paying){
        .order_id = order->order_id,
        .saga_id = saga_id,
        .status = order->status,
        .pay_by_us = order->status == ORDER_STATUS_AWAITING_PAYMENT ? order->pay_by_us : 0,
    };
}

static enum status answer_again(const struct orders *orders, const struct call *call,
                                const struct order_led *led, struct order_paying *out)
{
    struct order order;
    enum status st = store_find(orders->orders, NULL, call, NULL, &led->order_id, &order);

    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_UNAVAILABLE : st;
    answer(&order, led->saga_id, out);
    return order.status == ORDER_STATUS_PAYING || order.status == ORDER_STATUS_AWAITING_PAYMENT
               ? ST_PENDING
               : ST_OK;
}

/* Only whose it is pays it, and in time; the clock that ends it is not moved by a try. */
static enum status check(struct paying *p, const struct call *call)
{
    enum status st = order_find(p->orders, call, NULL, &p->form->order_id, &p->order);

    if (st != ST_OK)
        return st;
    if (order_actor_of(call, &p->order) != ORDER_ACTOR_CUSTOMER)
        return call_fail(call, ST_NOT_FOUND, NULL, "There is no such order.");
    if (p->order.status == ORDER_STATUS_AWAITING_PAYMENT &&
        clock_wall_us(p->orders->clock) >= p->order.pay_by_us)
        return call_fail(call, ST_CONFLICT, "payment_expired", "It was to be paid before now.");
    return ST_OK;
}

static enum status start(struct paying *p, const struct call *call)
{
    struct pay_data data;
    enum status st = check(p, call);

    if (st != ST_OK)
        return st;
    p->led = (struct order_led){p->order.order_id, uuid_v7(p->orders->clock, p->orders->entropy)};
    data = (struct pay_data){.hold_id = p->order.saga_id, .total = p->order.total};
    return saga_start(p->orders->sagas, call, &PAY_ORDER_SAGA, p->led.saga_id, p->led.order_id,
                      &data, begin, p);
}

enum status order_pay(void *self, const struct call *call, const void *in, void *out)
{
    struct paying p = {.orders = self, .form = in};
    enum status st = order_key_init(&p.key, call, &ORDER_PAY, in);

    if (st == ST_OK)
        st = order_key_find(p.orders, call, &p.key, &p.led);
    if (st == ST_OK)
        return answer_again(p.orders, call, &p.led, out);
    if (st != ST_NOT_FOUND)
        return st;
    st = start(&p, call);
    if (st == ST_OK) {
        answer(&p.order, p.led.saga_id, out);
        return ST_PENDING;
    }
    if (!p.twin && !(p.entering && st == ST_UNAVAILABLE))
        return st;
    st = order_key_twin(p.orders, call, &p.key, &p.led);
    return st == ST_OK ? answer_again(p.orders, call, &p.led, out) : st;
}

enum status order_paid(void *self, const struct call *call, const struct saga_view *end, void *out)
{
    const struct orders *orders = self;
    struct order_paying *paying = out;
    struct order order;

    if (end && end->state == SAGA_COMPENSATED && strcmp(end->reason, "payment_declined") == 0)
        return call_fail(call, ST_CONFLICT, "payment_declined",
                         "The payment was declined; another may be tried until payBy.");
    if (end && end->state == SAGA_COMPENSATED) {
        order_key_forget(orders, call, &ORDER_PAY, paying->saga_id);
        return call_fail(call, ST_UNAVAILABLE, "payment_compensated",
                         "It could not be paid in time and was undone; try again.");
    }
    if (store_find(orders->orders, NULL, call, NULL, &paying->order_id, &order) == ST_OK)
        answer(&order, paying->saga_id, paying);
    return ST_OK;
}
