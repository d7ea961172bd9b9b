/* pay_saga.c - the steps of paying an order that awaits it. It is PAYING by the transaction that
 * starts the saga; payBy stays as it was set when it was placed, so that its stock is free one day
 * whatever is tried. */
#include "usecase/order/pay_saga.h"

#include "protocol/catalog.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "tool/core/mem.h"
#include "usecase/order/order_steps.h"

/* clang-format off */
static const struct field DATA_FIELDS[] = {
    FIELD(struct pay_data, hold_id, "holdId", FIELD_UUID, 0, .doc = "The hold of its stock."),
    FIELD(struct pay_data, total, "total", FIELD_MONEY, 0, .doc = "What it costs."),
};
/* clang-format on */

static const struct descriptor DATA = DESCRIPTOR(struct pay_data, "PayOrderData", DATA_FIELDS,
                                                 "What the steps of paying an order need.");

static void set_unpaid(struct order *order, const void *arg)
{
    (void)arg;
    order->method[0] = '\0';
    TEXT_COPY(order->payment_status, "DEFERRED");
}

static enum status end_pay(const struct saga_context *context)
{
    return order_move(context->self, context->tx, context->call, context->about,
                      &(struct order_move){
                          .action = "back",
                          .actor = ORDER_ACTOR_SAGA,
                          .reason = context->reason,
                          .says = &ORDER_PAYMENT_DEFERRED,
                          .also = set_unpaid,
                      },
                      NULL);
}

static enum status authorize(const struct saga_context *context)
{
    return order_authorize(context->self, context, ((const struct pay_data *)context->data)->total,
                           &(struct order_payer){.method = ""});
}

static enum status void_payment(const struct saga_context *context)
{
    return order_void(context->self, context);
}

static void set_paid(struct order *order, const void *arg)
{
    (void)arg;
    order->method[0] = '\0';
    TEXT_COPY(order->payment_status, "AUTHORIZED");
}

static enum status confirm_order(const struct saga_context *context)
{
    return order_move(context->self, context->tx, context->call, context->about,
                      &(struct order_move){
                          .action = "confirm",
                          .actor = ORDER_ACTOR_SAGA,
                          .says = &ORDER_CONFIRMED,
                          .also = set_paid,
                      },
                      NULL);
}

static enum status commit_stock(const struct saga_context *context)
{
    return order_commit_stock(context->self, context,
                              ((const struct pay_data *)context->data)->hold_id);
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"begin_pay", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = end_pay},
    {"authorize", SAGA_COMPENSATABLE, SAGA_REMOTE, authorize, void_payment, .timeout_ms = 5000,
     .op = &PAYMENT_AUTHORIZE, .undo_op = &PAYMENT_VOID},
    {"confirm_order", SAGA_PIVOT, SAGA_LOCAL, .act = confirm_order},
    {"commit_stock", SAGA_RETRIABLE, SAGA_REMOTE, .act = commit_stock, .timeout_ms = 3000,
     .op = &CATALOG_STOCK_COMMIT},
};
/* clang-format on */

const struct saga_type PAY_ORDER_SAGA = {
    .name = "pay_order",
    .steps = STEPS,
    .n_steps = ARRAY_LEN(STEPS),
    .deadline_ms = 30000,
    .data = &DATA,
};
