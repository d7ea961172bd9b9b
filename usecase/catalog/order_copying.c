/* order_copying.c - see order_copying.h. */
#include "usecase/catalog/order_copying.h"

#include <string.h>

#include "protocol/catalog.h"
#include "protocol/order.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "usecase/catalog/stock.h"

static bool write_lines(const struct order_event *order, struct order_copy *copy)
{
    struct order_copy_lines *lines = MEM_NEW(struct order_copy_lines);
    struct json_out o;

    memcpy(lines->lines, order->lines, sizeof(lines->lines));
    lines->n_lines = order->n_lines;
    json_out_init(&o, copy->lines, sizeof(copy->lines));
    encode(&ORDER_COPY_LINES, lines, &o);
    free(lines);
    return !o.overflow;
}

enum status order_copy_keep(void *self, struct transaction *tx, const struct call *call,
                            const struct event *event, const void *data)
{
    const struct catalog *catalog = self;
    const struct order_event *order = data;
    struct order_copy copy = {
        .order_id = order->order_id,
        .user_id = order->user_id,
        .store_id = order->store_id,
        .total = order->total,
        .version = order->version,
        .as_of_us = event->time_us,
    };
    enum status st;

    TEXT_COPY(copy.order_num, order->order_num);
    TEXT_COPY(copy.status, order->status);
    if (!write_lines(order, &copy))
        return call_fail(call, ST_UNPROCESSABLE, "lines_too_long", "Its lines are too long.");
    st = store_keep(catalog->order_copies, tx, call, &copy, NULL);
    if (st != ST_OK && st != ST_STALE)
        return st;
    /* Whatever tells it: the event itself may be one that the stream has forgotten. */
    return strcmp(order->status, ORDER_STATUS_NAMES[ORDER_STATUS_CANCELED]) == 0
               ? stock_take_back(catalog, tx, call, order->order_id)
               : ST_OK;
}

static bool is_shown(const struct order_copy *copy, const struct call *call)
{
    struct uuid caller;

    return call_has_role(call, "admin") ||
           (uuid_parse(call->user, &caller) && uuid_equal(caller, copy->user_id));
}

static enum status show(const struct order_copy *copy, struct order_copy_view *view)
{
    view->order_id = copy->order_id;
    TEXT_COPY(view->order_num, copy->order_num);
    TEXT_COPY(view->status, copy->status);
    view->total = copy->total;
    view->version = copy->version;
    view->as_of_us = copy->as_of_us;
    if (decode_lenient(&ORDER_COPY_LINES, copy->lines, strlen(copy->lines), &view->lines, NULL) ==
        ST_OK)
        return ST_OK;
    log_error("the lines of an order's copy cannot be read", LOG_UUID("orderId", copy->order_id));
    return ST_INTERNAL;
}

enum status order_copy_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct catalog *catalog = self;
    const struct order_copy_query *query = in;
    struct order_copy copy;
    enum status st = store_find(catalog->order_copies, NULL, call, NULL, &query->order_id, &copy);

    if (st == ST_OK && !is_shown(&copy, call))
        st = ST_NOT_FOUND;
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such order here.");
    return st == ST_OK ? show(&copy, out) : st;
}
