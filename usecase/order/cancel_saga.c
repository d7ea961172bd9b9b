/* cancel_saga.c - the steps of canceling an order. It is CANCEL_PENDING by the transaction that
 * starts the saga. As long as there are no stores to accept an order nobody but us has a say in
 * that it ends: end_cancel is the pivot. Where they have, a remote step between the two is it
 * (cancel_ticket, asked of orders that were ever confirmed; its refusal takes the order back, by
 * the undo of begin_cancel), and end_cancel is retriable. All that was done for the order is undone
 * by who did it, when he hears that it is canceled. */
#include "protocol/order.h"
#include "tool/core/mem.h"
#include "usecase/order/order_row.h"

static void set_kept(struct order *order, const void *arg)
{
    (void)arg;
    order->cancel_asked = true;
    order->reason[0] = '\0';
}

static enum status keep_order(const struct saga_context *context)
{
    const struct orders *orders = context->self;
    struct order order;
    enum status st =
        store_find(orders->orders, context->tx, context->call, NULL, &context->about, &order);

    if (st != ST_OK)
        return st;
    return order_move(
        orders, context->tx, context->call, context->about,
        &(struct order_move){
            .action = order.before_cancel == ORDER_STATUS_CONFIRMED ? "keep" : "keep_unpaid",
            .actor = ORDER_ACTOR_SAGA,
            .reason = context->reason,
            .says = &ORDER_CHANGED,
            .also = set_kept,
        },
        NULL);
}

static enum status end_cancel(const struct saga_context *context)
{
    return order_move(context->self, context->tx, context->call, context->about,
                      &(struct order_move){
                          .action = "done",
                          .actor = ORDER_ACTOR_SAGA,
                          .says = &ORDER_CANCELED,
                      },
                      NULL);
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"begin_cancel", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = keep_order},
    {"end_cancel", SAGA_PIVOT, SAGA_LOCAL, .act = end_cancel},
};
/* clang-format on */

const struct saga_type CANCEL_ORDER_SAGA = {
    .name = "cancel_order",
    .steps = STEPS,
    .n_steps = ARRAY_LEN(STEPS),
    .deadline_ms = 30000,
};
