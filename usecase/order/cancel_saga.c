/* cancel_saga.c - the steps of canceling an order. It is CANCEL_PENDING by the transaction that
 * starts the saga. Whether it is canceled the ticket at its store says, where accepting and
 * canceling meet: that is the pivot, which is asked until it has answered, however long the store
 * is away. Its no takes the order back, by the undo of begin_cancel. Of an order that was never
 * confirmed no store knows. All that was done for the order is undone by who did it, when he hears
 * that it is canceled. */
#include <string.h>

#include "protocol/order.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "usecase/order/following.h"
#include "usecase/order/order_row.h"
#include "usecase/order/others.h"

/* Locks the row until tx ends. */
static enum status lock(const struct saga_context *context, struct order *order)
{
    return order_move(context->self, context->tx, context->call, context->about,
                      &(struct order_move){.actor = ORDER_ACTOR_SAGA}, order);
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

static void set_kept(struct order *order, const void *arg)
{
    order->cancel_asked = *(const bool *)arg;
    order->heard = ORDER_HEARD_NOTHING;
    order->reason[0] = '\0';
}

/* Its store may have said more while it was asked. */
static enum status keep_order(const struct saga_context *context)
{
    struct order order;
    bool asked = strcmp(context->reason, "store_consent_needed") == 0;
    enum status st = lock(context, &order);

    if (st != ST_OK)
        return st;
    if (order.heard == ORDER_HEARD_DROPPED)
        return end_cancel(context);
    asked = asked && order.heard == ORDER_HEARD_NOTHING;
    st = order_move(
        context->self, context->tx, context->call, context->about,
        &(struct order_move){
            .action = order.before_cancel == ORDER_STATUS_CONFIRMED ? "keep" : "keep_unpaid",
            .actor = ORDER_ACTOR_SAGA,
            .reason = context->reason,
            .says = asked ? &ORDER_CANCEL_ASKED : &ORDER_CHANGED,
            .also = set_kept,
            .arg = &asked,
        },
        NULL);
    if (st == ST_OK && order.heard == ORDER_HEARD_DELIVERED)
        st = order_complete(context->self, context->tx, context->call, context->about);
    return st;
}

/* Who wants it, as its history has it. */
static enum status who_asked(const struct orders *orders, const struct saga_context *context,
                             int *by)
{
    const struct store_list last = {
        .where = {{"order_id", &context->about},
                  {"from_status", ORDER_STATUS_NAMES[ORDER_STATUS_CONFIRMED]},
                  {"to_status", ORDER_STATUS_NAMES[ORDER_STATUS_CANCEL_PENDING]}},
        .sort = "seq",
        .descending = true,
    };
    struct order_history entry;
    size_t n = 0;
    enum status st = store_list(orders->history, NULL, context->call, &last, 1, &entry, &n);

    if (st == ST_OK && n == 1)
        *by = entry.by;
    return st;
}

static enum status cancel_ticket(const struct saga_context *context)
{
    const struct orders *orders = context->self;
    struct ticket_cancel wanted = {context->id, context->about, ORDER_ACTOR_CUSTOMER};
    struct order order;
    enum status st = store_find(orders->orders, NULL, context->call, NULL, &context->about, &order);

    if (st != ST_OK) /* also when it is not found: an order is never removed */
        return ST_UNAVAILABLE;
    if (order.before_cancel != ORDER_STATUS_CONFIRMED)
        return ST_OK;
    st = who_asked(orders, context, &wanted.by);
    return st == ST_OK ? ask_ticket_cancel(orders->remote, context->call, &wanted, NULL) : st;
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"begin_cancel", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = keep_order},
    {"cancel_ticket", SAGA_PIVOT, SAGA_REMOTE, .act = cancel_ticket, .timeout_ms = 3000, .op = &STORE_TICKET_CANCEL},
    {"end_cancel", SAGA_RETRIABLE, SAGA_LOCAL, .act = end_cancel},
};
/* clang-format on */

const struct saga_type CANCEL_ORDER_SAGA = {
    .name = "cancel_order",
    .steps = STEPS,
    .n_steps = ARRAY_LEN(STEPS),
    .deadline_ms = 30000,
};
