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
    order->heard = ORDER_HEARD_NOTHING;
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

static enum status too_late(const struct call *call)
{
    return call_fail(call, ST_CONFLICT, "too_late_to_cancel",
                     "It is on its way, or was delivered.");
}

/* What it is answered without a saga that begins now; ST_NOT_FOUND: one has to. */
static enum status without_saga(const struct order *order, const struct call *call,
                                struct order_canceling *out)
{
    bool again = !uuid_is_nil(order->cancel_saga_id);

    if (order->status == ORDER_STATUS_PENDING || order->status == ORDER_STATUS_PAYING)
        return in_progress(call);
    if (order->status == ORDER_STATUS_COMPLETED)
        return too_late(call);
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

/* What its store has said; ST_OK: nothing, it was not asked or has not answered. */
static enum status refused(const struct saga_view *end, const struct call *call)
{
    if (!end || end->state != SAGA_COMPENSATED)
        return ST_OK;
    if (strcmp(end->reason, "store_consent_needed") == 0)
        return ST_PENDING;
    if (strcmp(end->reason, "too_late_to_cancel") == 0)
        return too_late(call);
    return call_fail(call, ST_UNAVAILABLE, "cancel_compensated",
                     "It could not be canceled and is as it was; try again.");
}

enum status order_canceled(void *self, const struct call *call, const struct saga_view *end,
                           void *out)
{
    const struct orders *orders = self;
    struct order_canceling *canceling = out;
    struct order order;
    enum status st;

    if (store_find(orders->orders, NULL, call, NULL, &canceling->order_id, &order) != ST_OK)
        return ST_PENDING; /* the promise stands */
    answer(&order, canceling);
    if (order.status == ORDER_STATUS_CANCELED)
        return ST_OK;
    st = refused(end, call);
    return st == ST_OK ? ST_PENDING : st;
}

/* ---- without a question ---- */

static void set_end(struct order *order, const void *arg)
{
    const struct canceling *c = arg;

    note_wish(order, order->cancel_saga_id, c->reason, c->order.status);
}

enum status order_cancel_at_once(const struct orders *orders, struct transaction *tx,
                                 const struct call *call, const struct order *order,
                                 enum order_actor actor, const char *reason)
{
    const struct canceling c = {.order = *order, .reason = reason};
    struct order_move move = {
        .action = "cancel",
        .actor = actor,
        .reason = reason,
        .says = &ORDER_CANCEL_ASKED,
        .also = set_end,
        .arg = &c,
    };
    enum status st = order_move(orders, tx, call, order->order_id, &move, NULL);

    if (st != ST_OK)
        return st;
    move.action = "done";
    move.says = &ORDER_CANCELED;
    move.also = NULL;
    return order_move(orders, tx, call, order->order_id, &move, NULL);
}

/* Nobody but us knows of an order that was never confirmed. */
enum status order_expire(void *arg, struct transaction *tx, const struct call *call, struct uuid id)
{
    const struct order unpaid = {.order_id = id, .status = ORDER_STATUS_AWAITING_PAYMENT};

    return order_cancel_at_once(arg, tx, call, &unpaid, ORDER_ACTOR_TIMER, "payment_expired");
}
