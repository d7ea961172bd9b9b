/* cancel.c - see cancel.h. */
#include "usecase/order/cancel.h"

#include <string.h>

#include "protocol/order.h"
#include "tool/core/mem.h"
#include "usecase/order/order_row.h"

enum { IN_PROGRESS_RETRY_S = 1 };

/* A cancellation on its way. */
struct canceling {
    const struct orders *orders;
    const struct order_cancel_form *form;
    struct uuid saga_id;
    struct order order; /* as it was found, then as it is */
    enum order_actor actor;
    struct uuid by_id;
    const char *reason;
};

static void note_wish(struct order *order, struct uuid saga_id, const char *reason, int before)
{
    order->before_cancel = before;
    order->cancel_saga_id = saga_id;
    TEXT_COPY(order->reason, reason);
}

static void set_wish(struct order *order, const void *arg)
{
    const struct canceling *c = arg;

    note_wish(order, c->saga_id, c->reason, c->order.status);
}

/* Only from the state that it was found in: where it goes back to depends on that. */
static enum status begin(struct transaction *tx, const struct call *call, void *arg)
{
    struct canceling *c = arg;
    struct order now;
    enum status st = order_move(c->orders, tx, call, c->form->order_id,
                                &(struct order_move){
                                    .action = "cancel",
                                    .actor = c->actor,
                                    .by_id = c->by_id,
                                    .reason = c->reason,
                                    .says = &ORDER_CANCEL_ASKED,
                                    .also = set_wish,
                                    .arg = c,
                                },
                                &now);

    if (st == ST_OK && now.version != c->order.version + 1)
        return ST_STALE;
    if (st == ST_OK)
        c->order = now;
    return st;
}

/* What was paid for is given back; of what was never confirmed nothing was paid. */
static void answer(const struct order *order, struct order_canceling *out)
{
    *out = (struct order_canceling){
        .order_id = order->order_id,
        .saga_id = order->cancel_saga_id,
        .status = order->status,
        .cancel_asked = order->cancel_asked,
    };
    if (order->status == ORDER_STATUS_CANCELED && order->before_cancel == ORDER_STATUS_CONFIRMED)
        out->refund = order->total;
}

static enum status in_progress(const struct call *call)
{
    if (call->problem)
        call->problem->retry_after_s = IN_PROGRESS_RETRY_S;
    return call_fail(call, ST_CONFLICT, "order_in_progress",
                     "It is being placed or paid; ask again in a moment.");
}

/* What it is answered without a saga that begins now; ST_NOT_FOUND: one has to. */
static enum status without_saga(const struct order *order, const struct call *call,
                                struct order_canceling *out)
{
    bool again = !uuid_is_nil(order->cancel_saga_id);

    if (order->status == ORDER_STATUS_PENDING || order->status == ORDER_STATUS_PAYING)
        return in_progress(call);
    if (order->status == ORDER_STATUS_COMPLETED)
        return call_fail(call, ST_CONFLICT, "too_late_to_cancel", "It was delivered.");
    if (!again || (order->status != ORDER_STATUS_CANCEL_PENDING &&
                   order->status != ORDER_STATUS_CANCELED && !order->cancel_asked))
        return ST_NOT_FOUND;
    answer(order, out);
    return order->status == ORDER_STATUS_CANCELED ? ST_OK : ST_PENDING;
}

static enum status start(struct canceling *c, const struct call *call, struct order_canceling *out)
{
    enum status st = order_find(c->orders, call, NULL, &c->form->order_id, &c->order);

    if (st != ST_OK)
        return st;
    st = without_saga(&c->order, call, out);
    if (st != ST_NOT_FOUND)
        return st;
    c->actor = order_actor_of(call, &c->order);
    c->reason = c->form->reason;
    if (!c->reason[0])
        c->reason = c->actor == ORDER_ACTOR_ADMIN ? "canceled_by_admin" : "canceled_by_customer";
    if (!uuid_parse(call->user, &c->by_id))
        return ST_UNAUTHENTICATED;
    c->saga_id = uuid_v7(c->orders->clock, c->orders->entropy);
    st = saga_start(c->orders->sagas, call, &CANCEL_ORDER_SAGA, c->saga_id, c->form->order_id, NULL,
                    begin, c);
    if (st != ST_OK)
        return st;
    answer(&c->order, out);
    return ST_PENDING;
}

enum status order_cancel(void *self, const struct call *call, const void *in, void *out)
{
    struct canceling c = {.orders = self, .form = in};
    enum status st = start(&c, call, out);

    if (st == ST_STALE) { /* somebody moved it meanwhile */
        c = (struct canceling){.orders = self, .form = in};
        st = start(&c, call, out);
    }
    return st == ST_STALE ? in_progress(call) : st;
}

enum status order_canceled(void *self, const struct call *call, const struct saga_view *end,
                           void *out)
{
    const struct orders *orders = self;
    struct order_canceling *canceling = out;
    struct order order;

    if (store_find(orders->orders, NULL, call, NULL, &canceling->order_id, &order) != ST_OK)
        return ST_PENDING; /* the promise stands */
    if (order.status == ORDER_STATUS_CANCELED || order.cancel_asked) {
        answer(&order, canceling);
        return order.status == ORDER_STATUS_CANCELED ? ST_OK : ST_PENDING;
    }
    if (end && end->state == SAGA_COMPENSATED)
        return call_fail(call, ST_UNAVAILABLE, "cancel_compensated",
                         "It could not be canceled in time and is as it was; try again.");
    return ST_PENDING;
}

static void set_expired(struct order *order, const void *arg)
{
    static const struct uuid NOBODY;

    (void)arg;
    note_wish(order, NOBODY, "payment_expired", ORDER_STATUS_AWAITING_PAYMENT);
}

/* Nobody but us knows of an order that was never confirmed: both moves are ours, at once. */
enum status order_expire(void *arg, struct transaction *tx, const struct call *call, struct uuid id)
{
    struct order_move move = {
        .action = "cancel",
        .actor = ORDER_ACTOR_TIMER,
        .reason = "payment_expired",
        .says = &ORDER_CANCEL_ASKED,
        .also = set_expired,
    };
    enum status st = order_move(arg, tx, call, id, &move, NULL);

    if (st != ST_OK)
        return st;
    move.action = "done";
    move.says = &ORDER_CANCELED;
    move.also = NULL;
    return order_move(arg, tx, call, id, &move, NULL);
}
