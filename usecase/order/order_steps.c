/* order_steps.c - see order_steps.h. */
#include "usecase/order/order_steps.h"

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/order/others.h"

enum status order_authorize(const struct orders *orders, const struct saga_context *context,
                            struct money total)
{
    struct payment_authorization wanted = {
        .saga_id = context->id, .order_id = context->about, .amount = total.amount};
    struct order order;
    enum status st = store_find(orders->orders, NULL, context->call, NULL, &context->about, &order);

    if (st != ST_OK) /* also when it is not found: an order is never removed */
        return ST_UNAVAILABLE;
    if (!order.method[0]) /* whoever has the saga by now is past this step */
        return ST_UNAVAILABLE;
    wanted.user_id = order.user_id;
    wanted.store_id = order.store_id;
    TEXT_COPY(wanted.currency, total.currency);
    TEXT_COPY(wanted.method, order.method);
    return ask_payment_authorize(orders->remote, context->call, &wanted, NULL);
}

enum status order_void(const struct orders *orders, const struct saga_context *context)
{
    return ask_payment_void(orders->remote, context->call,
                            &(struct payment_order){context->id, context->about}, NULL);
}

enum status order_commit_stock(const struct orders *orders, const struct saga_context *context,
                               struct uuid hold)
{
    struct stock_held held = {HOLD_COMMITTED};
    enum status st = ask_stock_commit(orders->remote, context->call,
                                      &(struct stock_order){hold, context->about}, &held);

    /* Its owner is asked before a hold goes, so this is a bug, and nothing to be tried again. */
    if (st == ST_OK && held.state != HOLD_COMMITTED)
        log_error("the stock of a confirmed order is gone", LOG_UUID("orderId", context->about),
                  LOG_UUID("holdId", hold));
    return st;
}
