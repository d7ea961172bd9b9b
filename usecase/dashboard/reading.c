/* reading.c - see reading.h. */
#include "usecase/dashboard/reading.h"

#include <string.h>

#include "protocol/dashboard.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"

static bool is_caller(const struct call *call, struct uuid id)
{
    struct uuid caller;

    return !uuid_is_nil(id) && uuid_parse(call->user, &caller) && uuid_equal(caller, id);
}

/* ---- what is shown ---- */

static void show_times(const struct dashboard *row, struct dashboard_times *times)
{
    *times = (struct dashboard_times){
        .ordered_us = row->order.ordered_us,
        .paid_us = row->payment.paid_us,
        .accepted_us = row->ticket.accepted_us,
        .cooked_us = row->ticket.cooked_us,
        .picked_up_us = row->delivery.picked_up_us,
        .delivered_us = row->delivery.delivered_us,
        .canceled_us = row->status == DASHBOARD_ORDER_CANCELED ? row->order.ended_us : 0,
    };
}

static const char *reason_of(const struct dashboard *row)
{
    if (row->order.reason[0])
        return row->order.reason;
    return row->ticket.reason[0] ? row->ticket.reason : row->payment.reason;
}

/* row: as it was read. shop NULL = not known. */
static void show(const struct dashboards *self, struct dashboard *row,
                 const struct dashboard_shop *shop, struct dashboard_view *view)
{
    dashboard_derive(row);
    *view = (struct dashboard_view){
        .order_id = row->order_id,
        .store_id = row->store_id,
        .item_qty = row->order.item_qty,
        .price = row->order.total,
        .status = row->status,
        .ordered_us = row->order.ordered_us,
        .cancel_asked = row->order.cancel_asked || row->ticket.cancel_asked,
        .version = row->version,
        .as_of_us = row->as_of_us,
        .lag_us = atomic_load_explicit(&self->lag_us, memory_order_relaxed),
    };
    TEXT_COPY(view->order_num, row->order.order_num);
    TEXT_COPY(view->store_name, shop ? shop->name : "");
    dashboard_item_name(&row->order, view->item_name);
    TEXT_COPY(view->payment_status,
              row->payment.version > 0 ? row->payment.status : row->order.payment_status);
    TEXT_COPY(view->delivery_status, row->delivery.status);
    TEXT_COPY(view->reason, reason_of(row));
    show_times(row, &view->times);
}

/* ---- one ---- */

/* ST_NOT_FOUND: it is not known. */
static enum status find_shop(const struct dashboards *self, const struct call *call,
                             struct uuid store_id, struct dashboard_shop *shop)
{
    return store_find(self->shops, NULL, call, NULL, &store_id, shop);
}

enum status dashboard_owns(const struct dashboards *self, const struct call *call,
                           struct uuid store_id, bool *owns)
{
    struct dashboard_shop shop;
    enum status st = find_shop(self, call, store_id, &shop);

    *owns = st == ST_OK && is_caller(call, shop.owner_id);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status dashboard_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct dashboards *dashboards = self;
    const struct dashboard_query *query = in;
    struct dashboard_shop shop;
    struct dashboard row;
    bool has_shop = false;
    enum status st = store_find(dashboards->rows, NULL, call, NULL, &query->order_id, &row);

    if (st == ST_OK) {
        st = find_shop(dashboards, call, row.store_id, &shop);
        has_shop = st == ST_OK;
        st = st == ST_NOT_FOUND ? ST_OK : st;
    }
    if (st == ST_OK &&
        (row.order.version == 0 ||
         (!call_has_role(call, "admin") && !is_caller(call, row.user_id) &&
          !is_caller(call, row.ticket.owner_id) && !(has_shop && is_caller(call, shop.owner_id)))))
        st = ST_NOT_FOUND;
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such order here.");
    if (st == ST_OK)
        show(dashboards, &row, has_shop ? &shop : NULL, out);
    return st;
}

/* ---- lists ---- */

/* Whose orders are meant: nil = everybody's of what else is asked for. */
static enum status whose(const struct dashboards *self, const struct call *call,
                         const struct dashboard_list *query, struct uuid *user)
{
    bool owns = false;
    enum status st = ST_OK;

    *user = (struct uuid){{0}};
    if (call_has_role(call, "admin"))
        return ST_OK;
    if (!uuid_is_nil(query->store_id))
        st = dashboard_owns(self, call, query->store_id, &owns);
    if (st != ST_OK || owns)
        return st;
    return uuid_parse(call->user, user) ? ST_OK : ST_UNAUTHENTICATED;
}

static void add_condition(struct store_list *list, const char *column, const void *value)
{
    size_t n = 0;

    while (list->where[n].column)
        n++;
    list->where[n] = (struct store_equal){column, value};
}

/* Rows are read until one is too old, or the page is full; those of which the order itself is not
 * known yet are the oldest of all. */
static enum status fill(const struct dashboards *self, const struct call *call,
                        const struct dashboard_list *query, struct dashboard *rows, size_t n,
                        struct dashboard_page *page)
{
    struct dashboard_shop *shops = mem_alloc(PAGE_LIMIT_MAX, sizeof(*shops));
    const void *keys[PAGE_LIMIT_MAX];
    bool found[PAGE_LIMIT_MAX] = {false};
    enum status st = ST_OK;

    for (size_t i = 0; i < n; i++)
        keys[i] = &rows[i].store_id;
    if (n > 0)
        st = store_find_many(self->shops, NULL, call, NULL, keys, n, shops, found);
    for (size_t i = 0; st == ST_OK && i < n && rows[i].order.version > 0 &&
                       rows[i].order.ordered_us >= query->from_us;
         i++)
        show(self, &rows[i], found[i] ? &shops[i] : NULL, &page->items[page->n_items++]);
    free(shops);
    return st;
}

static enum status read_page(const struct dashboards *self, const struct call *call,
                             const struct dashboard_list *query, const struct store_list *list,
                             struct dashboard_page *page)
{
    const size_t limit = (size_t)query->page.limit;
    struct dashboard *rows = mem_alloc(limit, sizeof(*rows));
    size_t n = 0;
    enum status st = store_list(self->rows, NULL, call, list, limit, rows, &n);

    if (st == ST_OK)
        st = fill(self, call, query, rows, n, page);
    if (st == ST_OK && page->n_items == limit)
        cursor_seal(
            self->cursors, DASHBOARD_LIST.request, query,
            &(struct cursor){.id = rows[n - 1].order_id, .number = rows[n - 1].order.ordered_us},
            page->next_cursor);
    free(rows);
    return st;
}

enum status dashboard_read_list(void *self, const struct call *call, const void *in, void *out)
{
    static const struct uuid BEFORE_ALL;
    const struct dashboards *dashboards = self;
    const struct dashboard_list *query = in;
    struct store_list list = {.sort = "ordered_at", .descending = true};
    struct cursor after;
    struct uuid user;
    bool is_set;
    enum status st = whose(dashboards, call, query, &user);

    if (st == ST_OK)
        st = cursor_open(dashboards->cursors, call, DASHBOARD_LIST.request, query, &after, &is_set);
    if (st != ST_OK)
        return st;
    if (!uuid_is_nil(user))
        add_condition(&list, "user_id", &user);
    if (!uuid_is_nil(query->store_id))
        add_condition(&list, "store_id", &query->store_id);
    if (given_has(DASHBOARD_LIST.request, query, offsetof(struct dashboard_list, status)))
        add_condition(&list, "status", &query->status);
    if (is_set ||
        given_has(DASHBOARD_LIST.request, query, offsetof(struct dashboard_list, to_us))) {
        list.after_key = is_set ? &after.id : &BEFORE_ALL;
        list.after_sort = is_set ? &after.number : &query->to_us;
    }
    return read_page(dashboards, call, query, &list, out);
}
