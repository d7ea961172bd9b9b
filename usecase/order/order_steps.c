/* order_steps.c - see order_steps.h. */
#include "usecase/order/order_steps.h"

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/order/others.h"

static enum status read_payer(const struct orders *orders, const struct saga_context *context,
                              struct order_payer *out)
{
    struct order order;
    enum status st = store_find(orders->orders, NULL, context->call, NULL, &context->about, &order);

    if (st != ST_OK) /* also when it is not found: an order is never removed */
        return ST_UNAVAILABLE;
    if (!order.method[0]) /* whoever has the saga by now is past this step */
        return ST_UNAVAILABLE;
    out->user_id = order.user_id;
    out->store_id = order.store_id;
    TEXT_COPY(out->method, order.method);
    return ST_OK;
}

enum status order_authorize(const struct orders *orders, const struct saga_context *context,
                            struct money total, const struct order_payer *payer)
{
    struct payment_authorization wanted = {
        .saga_id = context->id, .order_id = context->about, .amount = total.amount};
    struct order_payer of = *payer;
    enum status st = of.method[0] ? ST_OK : read_payer(orders, context, &of);

    if (st != ST_OK)
        return st;
    wanted.user_id = of.user_id;
    wanted.store_id = of.store_id;
    TEXT_COPY(wanted.currency, total.currency);
    TEXT_COPY(wanted.method, of.method);
    return ask_payment_authorize(orders->remote, context->call, &wanted, NULL);
}

enum status order_void(const struct orders *orders, const struct saga_context *context)
{
    return ask_payment_void(orders->remote, context->call,
                            &(struct payment_order){context->id, context->about}, NULL);
}

/* What was canceled while its stock was to be committed has none, and needs none. */
static bool still_stands(const struct orders *orders, const struct saga_context *context)
{
    struct order order;

    return store_find(orders->orders, NULL, context->call, NULL, &context->about, &order) ==
               ST_OK &&
           order.status != ORDER_STATUS_CANCELED;
}

enum status order_commit_stock(const struct orders *orders, const struct saga_context *context,
                               struct uuid hold)
{
    struct stock_held held = {HOLD_COMMITTED};
    enum status st = ask_stock_commit(orders->remote, context->call,
                                      &(struct stock_order){hold, context->about}, &held);

    /* Its owner is asked before a hold goes, so this is a bug, and nothing to be tried again. */
    if (st == ST_OK && held.state != HOLD_COMMITTED && still_stands(orders, context))
        log_error("the stock of a confirmed order is gone", LOG_UUID("orderId", context->about),
                  LOG_UUID("holdId", hold));
    return st;
}
