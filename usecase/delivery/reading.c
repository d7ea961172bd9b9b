/* reading.c - see reading.h. */
#include "usecase/delivery/reading.h"

#include "protocol/delivery.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/delivery/delivery_row.h"
#include "usecase/delivery/others.h"

/* The rest of what a reader waits is left for the answer itself. */
enum { ADDRESS_ASK_MS = 1000 };

static bool may_see(const struct delivery_row *delivery, const struct call *call,
                    struct uuid caller)
{
    return call_has_role(call, "admin") || uuid_equal(caller, delivery->user_id) ||
           uuid_equal(caller, delivery->owner_id) || delivery_is_carried_by(delivery, caller) ||
           (delivery->status == DELIVERY_IS_WAITING && call_has_role(call, "courier"));
}

static void add_address(const struct deliveries *d, const struct call *call,
                        const struct delivery_row *delivery, struct delivery_view *view)
{
    struct problem problem = {0};
    struct call asking = call_within(call, ADDRESS_ASK_MS, &problem);
    enum status st = ask_order_address(
        d->remote, &asking, &(struct order_query){delivery->order_id}, &view->deliver_to);

    if (st == ST_OK || st == ST_NOT_FOUND)
        return;
    log_warn("where an order goes cannot be asked for", LOG_CALL(call),
             LOG_UUID("orderId", delivery->order_id), LOG_STATUS(st));
    view->deliver_to = (struct order_address){0};
    view->tag = 0;
}

enum status delivery_show(void *self, const struct call *call, const void *in, void *out)
{
    const struct deliveries *d = self;
    const struct delivery_query *query = in;
    struct delivery_view *view = out;
    struct delivery_row found;
    struct uuid caller;
    enum status st;

    if (!uuid_parse(call->user, &caller))
        return ST_UNAUTHENTICATED;
    st = store_find(d->deliveries, NULL, call, NULL, &query->order_id, &found);
    if (st == ST_OK && !may_see(&found, call, caller))
        st = ST_NOT_FOUND;
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such delivery.");
    if (st != ST_OK)
        return st;
    view->delivery = delivery_summarize(&found, call);
    view->tag = found.version;
    if (delivery_is_carried_by(&found, caller) &&
        delivery_tells_address(&found, clock_wall_us(call->clock)))
        add_address(d, call, &found, view);
    return ST_OK;
}

/* ---- lists ---- */

static enum status read_page(const struct deliveries *d, const struct call *call,
                             const struct delivery_list *query, const struct store_list *list,
                             struct delivery_page *page)
{
    const size_t limit = (size_t)query->page.limit;
    struct delivery_row *rows = mem_alloc(limit, sizeof(*rows));
    enum status st = store_list(d->deliveries, NULL, call, list, limit, rows, &page->n_items);

    for (size_t i = 0; st == ST_OK && i < page->n_items; i++)
        page->items[i] = delivery_summarize(&rows[i], call);
    if (st == ST_OK && page->n_items == limit)
        cursor_seal(
            d->cursors, DELIVERY_LIST.request, query,
            &(struct cursor){.id = rows[limit - 1].order_id, .number = rows[limit - 1].created_us},
            page->next_cursor);
    free(rows);
    return st;
}

enum status delivery_show_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct deliveries *d = self;
    const struct delivery_list *query = in;
    const bool by_status =
        given_has(DELIVERY_LIST.request, query, offsetof(struct delivery_list, status));
    const bool waiting = by_status && query->status == DELIVERY_IS_WAITING;
    struct store_list list = {.sort = "created_at", .descending = !waiting};
    struct uuid caller;
    struct cursor after;
    size_t n = 0;
    bool is_set;
    enum status st = cursor_open(d->cursors, call, DELIVERY_LIST.request, query, &after, &is_set);

    if (st != ST_OK)
        return st;
    if (!uuid_parse(call->user, &caller))
        return ST_UNAUTHENTICATED;
    if (!waiting && !call_has_role(call, "admin"))
        list.where[n++] = (struct store_equal){"courier_id", &caller};
    if (by_status)
        list.where[n] = (struct store_equal){"status", &query->status};
    if (is_set) {
        list.after_key = &after.id;
        list.after_sort = &after.number;
    }
    return read_page(d, call, query, &list, out);
}
