/* place_saga.c - the steps of placing an order. It is kept, as PENDING, by the transaction that
 * starts the saga; stock is the catalog's, money the payment service's; that it is confirmed is the
 * point of no return. Only then is what is held sold. */
#include "usecase/order/place_saga.h"

#include <string.h>

#include "protocol/order.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/order/order_steps.h"
#include "usecase/order/others.h"
#include "usecase/order/place_refusal.h"

/* clang-format off */
static const struct field DATA_FIELDS[] = {
    FIELD(struct place_data, user_id, "userId", FIELD_UUID, 0, .doc = "Who ordered."),
    FIELD(struct place_data, store_id, "storeId", FIELD_UUID, 0, .doc = "Of which store."),
    FIELD(struct place_data, total, "total", FIELD_MONEY, 0, .doc = "What it costs, once it is reserved."),
    FIELD(struct place_data, expires_us, "expiresAt", FIELD_TIME, 0, .doc = "When the catalog may ask for its hold."),
    FIELD(struct place_data, pay_later, "payLater", FIELD_BOOL, 0, .doc = "It may be paid later."),
    FIELD(struct place_data, deferred, "deferred", FIELD_BOOL, 0, .doc = "It is paid later."),
    FIELD(struct place_data, unasked, "unasked", FIELD_BOOL, 0, .doc = "Payments were asked, and could not ask the card."),
};
/* clang-format on */

static const struct descriptor DATA = DESCRIPTOR(struct place_data, "PlaceOrderData", DATA_FIELDS,
                                                 "What the steps of placing an order need.");

static void set_rejected(struct order *order, const void *arg)
{
    const struct saga_context *context = arg;

    TEXT_COPY(order->reason, context->reason);
    TEXT_COPY(order->payment_status,
              strcmp(context->reason, "payment_declined") == 0 ? "DECLINED" : "VOIDED");
    order->method[0] = '\0';
}

static enum status reject_order(const struct saga_context *context)
{
    return order_move(context->self, context->tx, context->call, context->about,
                      &(struct order_move){
                          .action = "reject",
                          .actor = ORDER_ACTOR_SAGA,
                          .reason = context->reason,
                          .says = &ORDER_REJECTED,
                          .also = set_rejected,
                          .arg = context,
                      },
                      NULL);
}

/* ---- stock ---- */

/* What each line is charged and what it is called. */
static enum status charge(struct place_data *data, const struct stock_reserved *reserved)
{
    if (data->lines.n != reserved->n_lines)
        return ST_INTERNAL;
    for (size_t i = 0; i < data->lines.n; i++) {
        struct order_line_row *row = &data->lines.rows[i];
        row->reserved = true;
        row->charged = reserved->lines[i].unit_price.amount;
        TEXT_COPY(row->sent.name, reserved->lines[i].name);
    }
    data->total = reserved->total;
    return ST_OK;
}

static enum status ask_for_stock(const struct saga_context *context)
{
    const struct orders *orders = context->self;
    struct place_data *data = context->data;
    struct stock_reservation wanted = {
        .saga_id = context->id,
        .order_id = context->about,
        .store_id = data->store_id,
        .n_lines = data->lines.n,
        .expires_at = data->expires_us,
    };
    struct stock_reserved *reserved = MEM_NEW(struct stock_reserved);
    enum status st;

    for (size_t i = 0; i < data->lines.n; i++) {
        const struct order_line *line = &data->lines.rows[i].sent;
        wanted.lines[i] = (struct stock_line){line->product_id, line->quantity, line->unit_price};
    }
    st = ask_stock_reserve(orders->remote, context->call, &wanted, reserved);
    if (st == ST_OK)
        st = charge(data, reserved);
    free(reserved);
    return st;
}

static enum status reserve_stock(const struct saga_context *context)
{
    const struct orders *orders = context->self;
    struct place_data *data = context->data;
    enum status st = ST_OK;

    if (data->lines.n == 0)
        st = order_read_lines(orders, NULL, context->call, context->about, &data->lines);
    if (st != ST_OK)
        return st;
    st = ask_for_stock(context);
    if (status_is_no(st))
        place_keep_notes(orders, context->call, context->about);
    return st;
}

static enum status release_stock(const struct saga_context *context)
{
    const struct orders *orders = context->self;

    return ask_stock_release(orders->remote, context->call,
                             &(struct stock_order){context->id, context->about}, NULL);
}

/* In the commit that says it is reserved. */
static enum status keep_prices(const struct saga_context *context)
{
    static const size_t MEMBERS[] = {offsetof(struct order_line_row, charged),
                                     offsetof(struct order_line_row, sent.name)};
    const struct orders *orders = context->self;
    const struct order_lines *lines = &((const struct place_data *)context->data)->lines;
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < lines->n; i++) {
        const struct order_line_row *row = &lines->rows[i];
        st = store_patch(orders->lines, context->tx, context->call, &row->line_id, 0, row, MEMBERS,
                         ARRAY_LEN(MEMBERS), NULL, NULL);
    }
    return st;
}

/* ---- money ---- */

/* Whether the card cannot have been asked for anything by this saga, now or before. */
static bool was_never_asked(const struct saga_context *context, enum status st)
{
    const struct problem *problem = context->call->problem;

    if (st == ST_UNAVAILABLE)
        return problem && strcmp(problem->code, "provider_unavailable") == 0;
    return st == ST_OVERLOADED && context->first;
}

/* Paid later only where the question was never asked: what may have been asked is asked again, and
 * undone at the deadline. */
static enum status authorize(const struct saga_context *context)
{
    struct place_data *data = context->data;
    struct order_payer payer = {data->user_id, data->store_id, ""};
    enum status st;

    TEXT_COPY(payer.method, data->method);
    st = order_authorize(context->self, context, data->total, &payer);
    if (!data->pay_later || !was_never_asked(context, st))
        return st;
    log_info("payments cannot be asked: paid later", LOG_CALL(context->call),
             LOG_UUID("orderId", context->about));
    data->deferred = true;
    data->unasked = st == ST_UNAVAILABLE;
    return ST_OK;
}

static enum status void_payment(const struct saga_context *context)
{
    const struct place_data *data = context->data;

    return data->deferred && !data->unasked ? ST_OK : order_void(context->self, context);
}

/* ---- the point of no return ---- */

static void set_placed(struct order *order, const void *arg)
{
    const struct place_data *data = arg;

    order->total = data->total;
    order->method[0] = '\0';
    TEXT_COPY(order->payment_status, data->deferred ? "DEFERRED" : "AUTHORIZED");
}

static enum status confirm_order(const struct saga_context *context)
{
    const struct place_data *data = context->data;

    return order_move(context->self, context->tx, context->call, context->about,
                      &(struct order_move){
                          .action = data->deferred ? "defer" : "confirm",
                          .actor = ORDER_ACTOR_SAGA,
                          .says = data->deferred ? &ORDER_PAYMENT_DEFERRED : &ORDER_CONFIRMED,
                          .also = set_placed,
                          .arg = data,
                          .lines = data->lines.n > 0 ? &data->lines : NULL,
                      },
                      NULL);
}

/* Paid later, the question that payments have taken, and could not ask, is taken back: a copy of it
 * that comes late would have the card asked. */
static enum status commit_stock(const struct saga_context *context)
{
    const struct place_data *data = context->data;

    if (data->deferred)
        return data->unasked ? order_void(context->self, context) : ST_OK;
    return order_commit_stock(context->self, context, context->id);
}

/* clang-format off */
static const struct saga_step STEPS[] = {
    {"create_order", SAGA_COMPENSATABLE, SAGA_LOCAL, .undo = reject_order},
    {"reserve_stock", SAGA_COMPENSATABLE, SAGA_REMOTE, reserve_stock, release_stock, .timeout_ms = 3000,
     .op = &CATALOG_STOCK_RESERVE, .undo_op = &CATALOG_STOCK_RELEASE, .note = keep_prices,
     .no_is_undone = true},
    {"authorize", SAGA_COMPENSATABLE, SAGA_REMOTE, authorize, void_payment, .timeout_ms = 5000,
     .op = &PAYMENT_AUTHORIZE, .undo_op = &PAYMENT_VOID},
    {"confirm_order", SAGA_PIVOT, SAGA_LOCAL, .act = confirm_order},
    {"commit_stock", SAGA_RETRIABLE, SAGA_REMOTE, .act = commit_stock, .timeout_ms = 3000,
     .op = &CATALOG_STOCK_COMMIT},
};
/* clang-format on */

const struct saga_type PLACE_ORDER_SAGA = {
    .name = "place_order",
    .steps = STEPS,
    .n_steps = ARRAY_LEN(STEPS),
    .deadline_ms = 30000,
    .data = &DATA,
};
