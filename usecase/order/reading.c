/* reading.c - see reading.h. */
#include "usecase/order/reading.h"

#include <string.h>

#include "protocol/order.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/order/order_row.h"

static void summarize(const struct order *order, const struct call *call, struct order_summary *out)
{
    *out = (struct order_summary){
        .order_id = order->order_id,
        .user_id = order->user_id,
        .store_id = order->store_id,
        .total = order->total,
        .status = order->status,
        .cancel_asked = order->cancel_asked,
        .created_us = order->created_us,
        .updated_us = order->updated_us,
        .version = order->version,
    };
    TEXT_COPY(out->order_num, order->order_num);
    TEXT_COPY(out->reason, order->reason);
    TEXT_COPY(out->payment.status, order->payment_status);
    if (order->status == ORDER_STATUS_AWAITING_PAYMENT || order->status == ORDER_STATUS_PAYING)
        out->payment.pay_by_us = order->pay_by_us;
    out->n_actions = states_actions(&ORDER_STATES, order->status, 1U << order_actor_of(call, order),
                                    out->actions, STATE_ACTIONS_MAX);
}

static enum status show(const struct orders *orders, const struct call *call,
                        const struct order *order, struct order_view *out)
{
    struct order_lines *lines = MEM_NEW(struct order_lines);
    enum status st = order_read_lines(orders, NULL, call, order->order_id, lines);

    summarize(order, call, &out->order);
    out->n_lines = lines->n;
    for (size_t i = 0; st == ST_OK && i < lines->n; i++) {
        const struct order_line_row *row = &lines->rows[i];
        out->lines[i].line = order_line_of(order, row);
        if (order->status != ORDER_STATUS_PENDING) /* not said yet: no part of this version */
            TEXT_COPY(out->lines[i].note, row->note);
    }
    free(lines);
    return st;
}

enum status order_read(void *self, const struct call *call, const void *in, void *out)
{
    struct order order;
    enum status st =
        order_find(self, call, NULL, &((const struct order_query *)in)->order_id, &order);

    return st == ST_OK ? show(self, call, &order, out) : st;
}

enum status order_read_by_number(void *self, const struct call *call, const void *in, void *out)
{
    struct order order;
    enum status st = order_find(self, call, "order_num",
                                ((const struct order_num_query *)in)->order_num, &order);

    return st == ST_OK ? show(self, call, &order, out) : st;
}

static void turn_round(struct order_history items[], size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct order_history one = items[i];
        items[i] = items[n - 1 - i];
        items[n - 1 - i] = one;
    }
}

enum status order_read_history(void *self, const struct call *call, const void *in, void *out)
{
    const struct orders *orders = self;
    const struct order_query *query = in;
    const struct store_list newest = {
        .where = {{"order_id", &query->order_id}}, .sort = "seq", .descending = true};
    struct order_history_view *view = out;
    struct order order;
    enum status st = order_find(orders, call, NULL, &query->order_id, &order);

    if (st == ST_OK)
        st = store_list(orders->history, NULL, call, &newest, ORDER_HISTORY_MAX, view->items,
                        &view->n_items);
    if (st == ST_OK)
        turn_round(view->items, view->n_items);
    return st;
}

/* ---- lists ---- */

/* Whose orders are meant: nil = everybody's. */
static enum status whose(const struct call *call, const struct order_list *query, struct uuid *user)
{
    struct uuid caller;

    if (!uuid_parse(call->user, &caller))
        return ST_UNAUTHENTICATED;
    *user = query->user_id;
    if (call_has_role(call, "admin") || uuid_equal(*user, caller))
        return ST_OK;
    if (!uuid_is_nil(*user))
        return call_fail(call, ST_FORBIDDEN, NULL, "They are another's.");
    *user = caller;
    return ST_OK;
}

static void add_condition(struct store_list *list, const char *column, const void *value)
{
    size_t n = 0;

    while (list->where[n].column)
        n++;
    list->where[n] = (struct store_equal){column, value};
}

/* Rows are read until one is too old, or the page is full. */
static void fill(const struct order_list *query, const struct call *call, const struct order *rows,
                 size_t n, struct order_page *page)
{
    for (size_t i = 0; i < n && rows[i].created_us >= query->from_us; i++)
        summarize(&rows[i], call, &page->items[page->n_items++]);
}

enum status order_read_list(void *self, const struct call *call, const void *in, void *out)
{
    static const struct uuid BEFORE_ALL;
    const struct orders *orders = self;
    const struct order_list *query = in;
    const size_t limit = (size_t)query->page.limit;
    struct store_list list = {.sort = "created_at", .descending = true};
    struct order_page *page = out;
    struct uuid user;
    struct order *rows;
    struct cursor after;
    bool is_set;
    size_t n = 0;
    enum status st = whose(call, query, &user);

    if (st == ST_OK)
        st = cursor_open(orders->cursors, call, ORDER_LIST.request, query, &after, &is_set);
    if (st != ST_OK)
        return st;
    if (!uuid_is_nil(user))
        add_condition(&list, "user_id", &user);
    if (given_has(ORDER_LIST.request, query, offsetof(struct order_list, status)))
        add_condition(&list, "status", &query->status);
    if (is_set || given_has(ORDER_LIST.request, query, offsetof(struct order_list, to_us))) {
        list.after_key = is_set ? &after.id : &BEFORE_ALL;
        list.after_sort = is_set ? &after.number : &query->to_us;
    }
    rows = mem_alloc(limit, sizeof(*rows));
    st = store_list(orders->orders, NULL, call, &list, limit, rows, &n);
    if (st == ST_OK)
        fill(query, call, rows, n, page);
    if (st == ST_OK && page->n_items == limit)
        cursor_seal(orders->cursors, ORDER_LIST.request, query,
                    &(struct cursor){.id = rows[n - 1].order_id, .number = rows[n - 1].created_us},
                    page->next_cursor);
    free(rows);
    return st;
}
