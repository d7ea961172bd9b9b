/* inner.c - see inner.h. */
#include "usecase/order/inner.h"

#include <ctype.h>
#include <stdio.h>

#include "protocol/order.h"
#include "protocol/payment.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/order/order_row.h"

enum { FORGET_BATCH = 100 };

enum status order_hold_check(void *self, const struct call *call, const void *in, void *out)
{
    const struct orders *orders = self;
    const struct hold_question *question = in;
    struct hold_answer *answer = out;
    struct order order;
    enum status st = store_find(orders->orders, NULL, call, NULL, &question->order_id, &order);

    answer->answer = HOLD_UNWANTED;
    if (st == ST_NOT_FOUND) /* an order is kept before its stock is asked for */
        return ST_OK;
    if (st == ST_OK && uuid_equal(order.saga_id, question->hold_id) &&
        order.status != ORDER_STATUS_REJECTED && order.status != ORDER_STATUS_CANCELED)
        answer->answer = HOLD_WANTED;
    return st;
}

enum status order_tell_address(void *self, const struct call *call, const void *in, void *out)
{
    const struct orders *orders = self;
    struct order_address_row row;
    enum status st = store_find(orders->addresses, NULL, call, NULL,
                                &((const struct order_query *)in)->order_id, &row);

    if (st == ST_OK)
        *(struct order_address *)out = row.to;
    return st == ST_NOT_FOUND
               ? call_fail(call, st, NULL, "There is no such order, or its address is forgotten.")
               : st;
}

/* ---- all there is ---- */

static enum status write_item(const struct order *order, const struct order_lines *lines,
                              struct export_item *item)
{
    struct order_event event;
    struct json_out o;

    order_event_of(order, lines, &event);
    item->key = order->order_id;
    json_out_init(&o, item->data, sizeof(item->data));
    encode(ORDER_CREATED.data, &event, &o);
    return o.overflow ? ST_INTERNAL : ST_OK;
}

/* By two statements, whatever is on the page. */
static enum status read_page(const struct orders *orders, const struct call *call,
                             const struct store_list *list, size_t limit, struct order *rows,
                             struct order_lines *lines, size_t *n)
{
    const void *ids[EXPORT_PAGE_MAX];
    enum status st = store_list(orders->orders, NULL, call, list, limit, rows, n);

    for (size_t i = 0; st == ST_OK && i < *n; i++)
        ids[i] = &rows[i].order_id;
    return st == ST_OK ? order_read_all_lines(orders, call, ids, *n, lines) : st;
}

enum status order_export(void *self, const struct call *call, const void *in, void *out)
{
    const struct orders *orders = self;
    const struct export_query *query = in;
    struct store_list list = {.after_key = uuid_is_nil(query->after) ? NULL : &query->after};
    struct export_page *page = out;
    struct order_lines *lines;
    struct order *rows;
    enum status st;

    if (!event_type_among(ORDER_EVENTS, query->type))
        return call_fail(call, ST_NOT_FOUND, "not_exported",
                         "The service exports nothing of this type.");
    rows = mem_alloc((size_t)query->limit, sizeof(*rows));
    lines = mem_alloc((size_t)query->limit, sizeof(*lines));
    st = read_page(orders, call, &list, (size_t)query->limit, rows, lines, &page->n);
    for (size_t i = 0; st == ST_OK && i < page->n; i++)
        st = write_item(&rows[i], &lines[i], &page->items[i]);
    free(lines);
    free(rows);
    return st;
}

/* ---- payments ---- */

static void set_payment(struct order *order, const void *arg)
{
    const struct payment_event *payment = arg;

    if (order->status != ORDER_STATUS_PENDING && order->status != ORDER_STATUS_REJECTED &&
        order->status != ORDER_STATUS_AWAITING_PAYMENT && order->status != ORDER_STATUS_PAYING)
        TEXT_COPY(order->payment_status, PAYMENT_STATUS_NAMES[payment->status]);
}

/* "payment_order_canceled" */
static void name_reason(const struct payment_event *payment, char reason[ORDER_REASON_MAX + 1])
{
    snprintf(reason, ORDER_REASON_MAX + 1, "payment_%s", PAYMENT_STATUS_NAMES[payment->status]);
    for (char *c = reason; *c; c++)
        *c = (char)tolower((unsigned char)*c);
}

enum status order_payment_moved(void *self, struct transaction *tx, const struct call *call,
                                const struct event *event, const void *data)
{
    const struct payment_event *payment = data;
    char reason[ORDER_REASON_MAX + 1];
    enum status st;

    (void)event;
    name_reason(payment, reason);
    st = order_move(self, tx, call, payment->order_id,
                    &(struct order_move){
                        .actor = ORDER_ACTOR_EVENT,
                        .reason = reason,
                        .says = &ORDER_CHANGED,
                        .also = set_payment,
                        .arg = payment,
                    },
                    NULL);
    return st == ST_NOT_FOUND ? ST_OK : st; /* a trip's */
}

/* ---- addresses ---- */

static enum status is_due(void *row, const struct call *call, void *arg)
{
    (void)arg;
    return ((const struct order_address_row *)row)->forget_us <= clock_wall_us(call->clock)
               ? ST_OK
               : ST_CONFLICT;
}

enum status order_forget_addresses(void *self, const struct job_run *run)
{
    static const struct store_list BY_END = {.sort = "forget_at"};
    const struct orders *orders = self;
    struct order_address_row *rows = mem_alloc(FORGET_BATCH, sizeof(*rows));
    size_t n = 0, gone = 0;
    enum status st =
        store_list(orders->addresses, NULL, run->call, &BY_END, FORGET_BATCH, rows, &n);

    for (size_t i = 0; st == ST_OK && i < n && is_due(&rows[i], run->call, NULL) == ST_OK; i++) {
        st = store_remove(orders->addresses, NULL, run->call, &rows[i].order_id, is_due, NULL);
        gone += st == ST_OK;
        if (st == ST_NOT_FOUND || st == ST_CONFLICT) /* somebody was faster */
            st = ST_OK;
    }
    free(rows);
    if (gone > 0)
        log_info("addresses forgotten", LOG_CALL(run->call), LOG_INT("orders", (int64_t)gone));
    return st == ST_OK && gone == FORGET_BATCH ? ST_PENDING : st;
}
